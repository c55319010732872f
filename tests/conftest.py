"""What all tests share: the running app, one for each test process, and which tests go to the same process."""

from collections.abc import Iterator

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.app_server import AppServer

ONE_BROWSER = ("tests/e2e/", "tests/pages/live_panel/")


class OneProcessForABrowser(LoadScopeScheduling):
    """Gives a module's tests to one process, and those of a folder that shares a browser too."""

    def _split_scope(self, nodeid: str) -> str:
        return next(filter(nodeid.startswith, ONE_BROWSER), None) or super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """Return how tests are handed out."""
    return OneProcessForABrowser(config, log)


@pytest.fixture(scope="session")
def app_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """Return the running app; shared by the tests of one test process."""
    server = AppServer(tmp_path_factory.mktemp("home"))
    server.start()
    yield server
    server.stop()
