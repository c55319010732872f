"""What all tests share: the running app, one for each test process, and which tests go to the same process."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from tests.app_server import AppServer
from tests.pools import LastingPool

# How long an example takes says more of what else this machine does than of what is tested.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

# Nets this small learn fastest on one thread, as in a worker: more only wait for each other. Read by torch as it is
# imported, here and in the processes that tests start; so it stands where nothing has imported it yet.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"

ONE_BROWSER = ("tests/e2e/", "tests/pages/live_panel/", "tests/pages/pointmap/")
EARLY = ("tests/e2e/", "tests/engine/runs/", "tests/hostile/", "tests/pages/")
"""What takes long, and longest first: in the end all processes are to be done at the same time."""


class OneProcessForABrowser(LoadScopeScheduling):
    """Gives a module's tests to one process, and those of a folder that shares a browser too."""

    def _split_scope(self, nodeid: str) -> str:
        return next(filter(nodeid.startswith, ONE_BROWSER), None) or super()._split_scope(nodeid)


def pytest_configure(config: pytest.Config) -> None:
    """Let what numba has compiled outlive a test run, and be taken from the disk by every server of it."""
    if (cache := getattr(config, "cache", None)) is not None:
        os.environ.setdefault("NUMBA_CACHE_DIR", str(cache.mkdir("numba")))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """Return how tests are handed out."""
    return OneProcessForABrowser(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests in the order in which they are handed out."""
    ranks = {folder: rank for rank, folder in enumerate(EARLY)}
    items.sort(key=lambda item: next((ranks[one] for one in EARLY if item.nodeid.startswith(one)), len(EARLY)))


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Have torch use one thread, as in a worker: more sum in another order, and wait for each other."""
    import torch  # not for those who test pages alone: it takes a while

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def labs_pool() -> Iterator[LastingPool]:
    """Return the pool of all hubs that the pages of this test process have, one after the other."""
    pool = LastingPool()
    yield pool
    pool.end()


@pytest.fixture(scope="session")
def one_pool(labs_pool: LastingPool) -> Iterator[None]:
    """Have every hub that a page asks for fork its workers from the same process: torch is imported once."""
    from pages.ui import house  # not for those who test the engine alone: it takes a while

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house, "Pool", lambda: labs_pool)
        yield
        house.close()


@pytest.fixture(scope="session")
def app_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """Return the running app; shared by the tests of one test process."""
    server = AppServer(tmp_path_factory.mktemp("home"))
    server.start()
    yield server
    server.stop()
