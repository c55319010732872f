import stat
import threading
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from itsdangerous import URLSafeSerializer

from engine.errors import StoreError
from pages.ui import person, rights
from pages.ui.keys import KEY_BYTES, secret_key, signer
from pages.ui.rights import Right


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def cookie_of(person_id: str) -> dict[str, str]:
    return {person.COOKIE: signer("person").dumps(person_id)}


def test_a_right_is_read_back():
    right = Right("run1", "session-a", control=True)
    assert rights.read(right.token(), "run1", {}) == right


def test_a_token_is_the_same_each_time_and_fits_a_subprotocol():
    token = Right("run1", "person-a", control=False).token()
    assert token == Right("run1", "person-a", control=False).token()
    assert all(letter.isalnum() or letter in "-_." for letter in token)


def test_a_token_of_another_run_gives_nothing():
    assert rights.read(Right("run1", "session-a", control=True).token(), "run2", {}) is None


@pytest.mark.parametrize("token", ["", "x", "a.b", "....", "é", "x" * 10_000])
def test_a_forged_token_gives_nothing(token: str):
    assert rights.read(token, "run1", {}) is None


def test_a_changed_token_gives_nothing():
    watch, control = (Right("run1", "session-a", control=may).token() for may in (False, True))
    assert rights.read(control.split(".")[0] + "." + watch.split(".")[1], "run1", {}) is None


def test_what_was_signed_for_another_purpose_gives_nothing():
    forged = signer("person").dumps({"run": "run1", "person": "session-a", "control": True})
    assert rights.read(forged, "run1", {}) is None


def test_a_signed_value_of_another_shape_gives_nothing():
    for value in ("text", ["run1"], {"run": "run1"}, {"run": "run1", "person": "p", "control": True, "more": 1}):
        assert rights.read(signer("live").dumps(value), "run1", {}) is None


def test_another_persons_token_is_of_no_use():
    token = Right("run1", "person-a", control=True).token()
    assert rights.read(token, "run1", cookie_of("person-a")) is not None
    assert rights.read(token, "run1", cookie_of("person-b")) is None
    assert rights.read(token, "run1", {}) is None


def test_a_forged_cookie_names_nobody():
    cookie = cookie_of("person-a")
    assert person.of_cookies(cookie) == "person-a"
    assert person.of_cookies({person.COOKIE: cookie[person.COOKIE] + "x"}) is None
    assert person.of_cookies({person.COOKIE: "person-a"}) is None
    assert person.of_cookies(cookie_of("session-a")) is None
    assert person.of_cookies({}) is None


def test_the_key_is_for_the_owner_alone_and_stays(home: Path):
    key = secret_key(home)
    assert len(key) == KEY_BYTES
    assert stat.S_IMODE((home / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert secret_key(home) == key


def test_a_key_that_is_damaged_is_not_used(home: Path):
    home.mkdir()
    (home / "secret.key").write_bytes(b"")
    with pytest.raises(StoreError, match="expected 32 bytes, found 0"):
        secret_key(home)
    ours = signer("person")
    forged = URLSafeSerializer(b"", ours.salt, signer_kwargs=ours.signer_kwargs).dumps("person-a")
    assert person.of_cookies({person.COOKIE: forged}) is None
    assert person.of_cookies(cookie_of("person-a")) == "person-a"


def test_where_no_key_can_be_kept_one_serves_until_the_server_ends(home: Path, caplog: pytest.LogCaptureFixture):
    home.parent.mkdir(exist_ok=True)
    home.write_text("a file")
    assert person.of_cookies(cookie_of("person-a")) == "person-a"
    assert "will not outlive this server" in caplog.text


def test_two_servers_that_start_at_once_agree_on_one_key(home: Path):
    keys: list[bytes] = []
    start = threading.Barrier(8)

    def make() -> None:
        start.wait()
        keys.append(secret_key(home))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert [path.name for path in home.iterdir()] == ["secret.key"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites():
    async def nothing(*_: object) -> None: ...

    for secure in (False, True):
        parsed = SimpleCookie(person.PersonCookie(nothing, "/base")._cookie(secure))[person.COOKIE]
        assert parsed["httponly"] is True
        assert parsed["samesite"] == "Lax"
        assert parsed["path"] == "/base"
        assert bool(parsed["secure"]) is secure
        assert person.of_cookies({person.COOKIE: parsed.value}) is not None
