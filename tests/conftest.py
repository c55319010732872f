"""Fixtures of all tests: the running app, one for each test process, with a port and a home of its own."""

from collections.abc import Iterator

import pytest

from tests.app_server import AppServer


@pytest.fixture(scope="session")
def app_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """Return the running app; shared by the tests of one test process."""
    server = AppServer(tmp_path_factory.mktemp("home"))
    server.start()
    yield server
    server.stop()
