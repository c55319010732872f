"""Where things lie: Learnscope's home on disk, its assets, and the path below which the server answers."""

import os
from pathlib import Path

from streamlit import config

ASSETS = Path(__file__).resolve().parents[2] / "assets"


def home_folder() -> Path:
    """Return the folder of all that is kept: ``LEARNSCOPE_HOME``, or ``.learnscope`` where the server was started."""
    return Path(os.environ.get("LEARNSCOPE_HOME") or ".learnscope")


def base_path() -> str:
    """Return the path under which the whole app is served: empty, or ``/like/this`` (``server.baseUrlPath``)."""
    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""
