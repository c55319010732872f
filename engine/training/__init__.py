"""Training: tasks, optimisers, schedules and ``fit``, the loop one can point at."""
