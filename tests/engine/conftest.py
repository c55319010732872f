"""Nets this small learn fastest on one thread, as in a worker: more only wait for each other."""

import os

# Read by torch as it is imported, here and in the processes that tests start.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"
