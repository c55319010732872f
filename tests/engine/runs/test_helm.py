"""Who controls a run: exactly one browser, whoever asks, gives, leaves and comes back, and in whatever order."""

import random
from dataclasses import dataclass

import pytest

from engine.errors import RunRefused
from engine.runs.helm import ASK_AGAIN_SECONDS, AWAY_SECONDS, MOST_ASKING, Browser, Helm

OWNER = Browser("teacher", "t1", owns=True)
ELSEWHERE = Browser("teacher", "t2", owns=True)
ANN = Browser("ann", "a1", owns=False, name="Ann")
BOB = Browser("bob", "b1", owns=False)
CLEO = Browser("cleo", "c1", owns=False)


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def helm(clock: Clock) -> Helm:
    helm = Helm(b"salt", clock)
    helm.come(OWNER)
    for one in (ANN, BOB):
        helm.come(one)
    return helm


def holders(helm: Helm, *browsers: Browser) -> list[Browser]:
    """Return those of the browsers that control."""
    return [one for one in browsers if helm.view(one)["mine"]]


def asks(helm: Helm, seen_by: Browser = OWNER) -> dict[str, str]:
    """Return who asks, by name."""
    return {one["name"]: one["id"] for one in helm.view(seen_by)["asks"]}


def give(helm: Helm, to: Browser, by: Browser = OWNER) -> None:
    helm.act(to, "ask")
    (handle,) = asks(helm, by).values()
    helm.act(by, "give", handle)


def refused(helm: Helm, browser: Browser, action: str, to: str = "") -> str:
    with pytest.raises(RunRefused) as told:
        helm.act(browser, action, to)
    return str(told.value)


def test_control_begins_with_the_owner(helm: Helm) -> None:
    assert holders(helm, OWNER, ANN, BOB) == [OWNER]
    helm.check(OWNER)
    for one in (ANN, BOB):
        with pytest.raises(RunRefused, match="make your own copy"):
            helm.check(one)
        assert helm.view(one)["holder"] == "its owner"


def test_control_that_is_asked_for_and_given_moves(helm: Helm) -> None:
    helm.act(ANN, "ask")
    assert (helm.view(ANN)["asked"], helm.view(BOB)["asked"]) == (True, False)
    assert list(asks(helm)) == ["Ann"]
    assert asks(helm, BOB) == {}, "who asks is nothing to those who may not answer"
    helm.act(OWNER, "give", asks(helm)["Ann"])
    assert holders(helm, OWNER, ANN, BOB) == [ANN]
    helm.check(ANN)
    with pytest.raises(RunRefused, match="given control of this run away"):
        helm.check(OWNER)
    assert helm.view(OWNER)["holder"] == "Ann"
    assert asks(helm) == {}
    helm.act(OWNER, "take")
    assert holders(helm, OWNER, ANN, BOB) == [OWNER]


def test_who_controls_may_give_on_and_give_back(helm: Helm) -> None:
    give(helm, ANN)
    give(helm, BOB, by=ANN)
    assert holders(helm, OWNER, ANN, BOB) == [BOB]
    helm.act(BOB, "return")
    assert holders(helm, OWNER, ANN, BOB) == [OWNER]


def test_those_without_a_name_are_counted(helm: Helm) -> None:
    helm.come(CLEO)
    for one in (BOB, CLEO):
        helm.act(one, "ask")
    assert list(asks(helm)) == ["a second browser", "a third browser"]
    helm.go(BOB)
    helm.come(BOB)
    helm.act(CLEO, "withdraw")
    assert asks(helm) == {}, "who left asks for nothing any more"


def test_a_request_that_is_declined_is_answered_and_can_be_made_again_after_a_while(helm: Helm, clock: Clock) -> None:
    helm.act(ANN, "ask")
    helm.act(OWNER, "decline", asks(helm)["Ann"])
    assert helm.view(ANN)["said"] == "Your request for control was declined."
    assert holders(helm, OWNER, ANN, BOB) == [OWNER]
    assert "wait 10 seconds" in refused(helm, ANN, "ask")
    clock.now += ASK_AGAIN_SECONDS
    helm.act(ANN, "ask")
    assert helm.view(ANN)["said"] == ""


def test_one_asks_once_at_a_time_in_however_many_tabs(helm: Helm, clock: Clock) -> None:
    helm.act(ANN, "ask")
    another = Browser("ann", "a2", owns=False, name="Ann")
    helm.come(another)
    assert "already" in refused(helm, another, "ask")
    helm.act(ANN, "withdraw")
    assert "a moment ago" in refused(helm, another, "ask")
    helm.go(ANN)
    helm.come(ANN)
    assert "a moment ago" in refused(helm, ANN, "ask"), "to come again is no way around it"


def test_so_many_ask_and_no_more(helm: Helm) -> None:
    crowd = [Browser(f"guest{number}", "x", owns=False) for number in range(MOST_ASKING + 1)]
    for one in crowd:
        helm.come(one)
    for one in crowd[:-1]:
        helm.act(one, "ask")
    assert "others are asking" in refused(helm, crowd[-1], "ask")
    assert len(asks(helm)) == MOST_ASKING


def test_the_owner_may_take_no_requests(helm: Helm) -> None:
    helm.act(ANN, "ask")
    helm.act(OWNER, "mute")
    assert asks(helm) == {}
    assert "takes no requests" in helm.view(ANN)["said"]
    assert "takes no requests" in refused(helm, BOB, "ask")
    helm.act(OWNER, "hear")
    helm.act(BOB, "ask")
    assert list(asks(helm)) == ["a second browser"]


FORGED = [(action, to) for action in ("give", "decline") for to in ("", "x", "ann", "teacher", "0" * 16)]


@pytest.mark.parametrize(("action", "to"), [*FORGED, ("take", ""), ("return", ""), ("mute", ""), ("hear", "")])
def test_a_watcher_who_forges_a_request_gets_nothing(helm: Helm, action: str, to: str) -> None:
    helm.act(ANN, "ask")
    before = asks(helm)
    assert refused(helm, BOB, action, to)
    assert refused(helm, ANN, action, to or before["Ann"]), "nor do they give it to themselves"
    assert holders(helm, OWNER, ANN, BOB) == [OWNER]
    assert asks(helm) == before
    assert helm.view(OWNER)["muted"] is False


@pytest.mark.parametrize("action", ["", "steal", "__init__", "ASK"])
def test_there_are_no_other_requests(helm: Helm, action: str) -> None:
    assert "expected one of ask" in refused(helm, OWNER, action)


def test_control_is_given_only_to_those_who_ask(helm: Helm) -> None:
    helm.act(ANN, "ask")
    handle = asks(helm)["Ann"]
    helm.act(ANN, "withdraw")
    assert "not ask for control any more" in refused(helm, OWNER, "give", handle)
    assert holders(helm, OWNER, ANN, BOB) == [OWNER]


def test_nobody_learns_the_id_of_a_person(helm: Helm) -> None:
    helm.act(ANN, "ask")
    for seen_by in (OWNER, ANN, BOB):
        told = str(helm.view(seen_by)).replace("Ann", "")
        assert not any(one.person in told for one in (OWNER, ANN, BOB)), told
    assert asks(helm)["Ann"] != asks(_with_ask(Helm(b"other")))["Ann"]


def _with_ask(helm: Helm) -> Helm:
    for one in (OWNER, ANN):
        helm.come(one)
    helm.act(ANN, "ask")
    return helm


def test_control_falls_back_to_the_owner_when_who_has_it_stays_away(helm: Helm, clock: Clock) -> None:
    give(helm, ANN)
    helm.go(ANN)
    assert helm.view(OWNER)["away"] is True
    clock.now += AWAY_SECONDS - 0.1
    assert helm.settle() is False
    assert holders(helm, OWNER, ANN, BOB) == [ANN]
    clock.now += 0.1
    assert helm.settle() is True
    assert holders(helm, OWNER, ANN, BOB) == [OWNER]
    helm.come(ANN)
    assert holders(helm, OWNER, ANN, BOB) == [OWNER], "who comes back too late only watches"


def test_who_loads_the_page_anew_keeps_control(helm: Helm, clock: Clock) -> None:
    give(helm, ANN)
    helm.go(ANN)
    anew = Browser("ann", "a9", owns=False, name="Ann")
    assert helm.allows(anew), "the page comes before its stream"
    helm.come(anew)
    assert holders(helm, OWNER, ANN, anew) == [anew]
    clock.now += 2 * AWAY_SECONDS
    assert helm.settle() is False


def test_who_has_come_anew_before_the_old_connection_is_seen_to_end_keeps_control(helm: Helm, clock: Clock) -> None:
    give(helm, ANN)
    anew = Browser("ann", "a9", owns=False, name="Ann")
    helm.come(anew)
    clock.now += 1
    helm.go(ANN)
    assert holders(helm, OWNER, ANN, anew) == [anew]


def test_the_owner_takes_control_back_also_from_a_browser_that_is_away(helm: Helm) -> None:
    give(helm, ANN)
    helm.go(ANN)
    helm.act(OWNER, "take")
    helm.come(ANN)
    assert holders(helm, OWNER, ANN) == [OWNER]


def test_of_two_tabs_of_the_owner_one_controls_and_the_other_can_take_it(helm: Helm, clock: Clock) -> None:
    helm.come(ELSEWHERE)
    assert holders(helm, OWNER, ELSEWHERE) == [OWNER]
    assert helm.view(ELSEWHERE)["elsewhere"] is True
    with pytest.raises(RunRefused, match="in another tab"):
        helm.check(ELSEWHERE)
    helm.act(ELSEWHERE, "take")
    assert holders(helm, OWNER, ELSEWHERE) == [ELSEWHERE]
    clock.now += AWAY_SECONDS
    helm.go(ELSEWHERE)
    assert not helm.allows(OWNER), "its own tab may come back"


def test_a_tab_that_is_closed_leaves_control_to_another_of_the_same_person(helm: Helm, clock: Clock) -> None:
    helm.come(ELSEWHERE)
    clock.now += AWAY_SECONDS
    helm.go(OWNER)
    assert holders(helm, ELSEWHERE) == []
    clock.now += AWAY_SECONDS
    helm.settle()
    assert holders(helm, OWNER, ELSEWHERE) == [ELSEWHERE]


def test_a_guest_with_control_can_take_it_to_another_tab(helm: Helm) -> None:
    give(helm, ANN)
    other = Browser("ann", "a2", owns=False, name="Ann")
    helm.come(other)
    assert "already" in refused(helm, other, "ask")
    helm.act(other, "take")
    assert holders(helm, OWNER, ANN, other) == [other]


def test_a_second_connection_of_the_same_tab_changes_nothing(helm: Helm, clock: Clock) -> None:
    helm.come(OWNER)
    helm.go(OWNER)
    clock.now += 2 * AWAY_SECONDS
    helm.settle()
    assert holders(helm, OWNER, ANN, BOB) == [OWNER]


def test_without_anybody_who_could_give_it_nobody_asks(clock: Clock) -> None:
    helm = Helm(b"salt", clock)
    helm.come(ANN)
    assert helm.view(ANN)["holder"] == ""
    assert "Nobody is here" in refused(helm, ANN, "ask")
    helm.come(OWNER)
    assert holders(helm, OWNER, ANN) == [OWNER]


def test_a_run_that_nobody_looks_at_any_more_is_forgotten(helm: Helm, clock: Clock) -> None:
    for one in (OWNER, ANN, BOB):
        helm.go(one)
    assert not helm.empty
    clock.now += AWAY_SECONDS
    helm.settle()
    assert helm.empty


def test_whatever_happens_at_most_one_browser_controls_and_no_guest_does_unasked() -> None:
    chance = random.Random(7)
    crowd = [OWNER, ELSEWHERE, ANN, BOB, CLEO, Browser("bob", "b2", owns=False)]
    actions = ["ask", "withdraw", "give", "decline", "take", "return", "mute", "hear"]
    for _ in range(60):
        clock = Clock()
        helm, here = Helm(b"salt", clock), []
        given: set[str] = set()
        for _ in range(120):
            clock.now += chance.choice([0, 0, 1, AWAY_SECONDS])
            one = chance.choice(crowd)
            if one not in here:
                helm.come(one)
                here.append(one)
            elif chance.random() < 0.2:
                helm.go(one)
                here.remove(one)
            else:
                seen = [(ask["id"], by) for by in here for ask in helm.view(by)["asks"]]
                action = chance.choice(actions)
                to = chance.choice(seen)[0] if seen and chance.random() < 0.9 else ""
                asking = {by.person for by in here if helm.view(by)["asked"]}
                before = helm.view(one)["mine"]
                try:
                    helm.act(one, action, to)
                except RunRefused:
                    pass
                else:
                    if action == "give":
                        assert one.owns or before
                        given |= asking
            helm.settle()
            holding = holders(helm, *here)
            assert len(holding) <= 1
            assert all(one.owns or one.person in given for one in holding)
