"""Whose turn it is to train: by a clock that only the test moves."""

from collections import Counter

import pytest

from engine.runs.turns import TURN_SECONDS, Turns


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Room:
    """Turns with a clock; a run ``a3`` belongs to the owner ``a``."""

    def __init__(self, most: int) -> None:
        self.clock = Clock()
        self.turns = Turns(most, self.clock)

    def ask(self, *runs: str) -> None:
        for run in runs:
            self.turns.ask(run, run[0])

    def pass_by(self, seconds: float = TURN_SECONDS) -> list[str]:
        self.clock.now += seconds
        self.turns.rotate()
        return self.turns.training


def test_as_many_train_as_there_are_turns_and_the_others_wait_as_they_asked() -> None:
    room = Room(2)
    room.ask("a1", "b1", "c1", "d1", "c1")
    assert room.turns.training == ["a1", "b1"]
    assert room.turns.line == ["c1", "d1"]
    room.turns.leave("a1")
    room.turns.leave("a1")
    assert (room.turns.training, room.turns.line) == (["b1", "c1"], ["d1"])
    room.turns.leave("d1")
    assert room.turns.line == []


def test_ten_runs_of_one_person_do_not_hold_up_another_with_one() -> None:
    room = Room(1)
    room.ask(*(f"a{number}" for number in range(10)), "b1", "c1")
    assert room.turns.line[:3] == ["b1", "c1", "a1"], "who trains comes a round after those who do not"
    served = [room.pass_by()[0] for _ in range(9)]
    assert [run[0] for run in served] == list("bcabcabca")
    assert [run for run in served if run[0] == "a"] == ["a1", "a2", "a3"], "of one's own, the one that asked first"


def test_whoever_has_few_runs_is_never_held_for_one_who_has_many() -> None:
    room = Room(3)
    room.ask("a1", "a2", "a3", "a4", "a5")
    room.ask("b1")
    for _ in range(20):
        training = room.pass_by()
        assert len(training) == 3
        assert "b1" in training, "two are for the other, who has five"


def test_everybody_gets_the_same_share_and_nobody_waits_for_long() -> None:
    room, trained, last = Room(8), Counter[str](), dict[str, int]()
    runs = [f"{chr(ord('a') + place)}1" for place in range(30)]
    room.ask(*runs)
    longest = 0
    for second in range(300):
        training = room.pass_by()
        trained.update(training)
        longest = max([longest, *(second - last.get(run, -1) for run in training)])
        last.update(dict.fromkeys(training, second))
    assert max(trained.values()) - min(trained.values()) <= 1
    assert longest == 4, "30 runs in rounds of 8"


def test_who_had_no_turn_of_a_second_yet_is_left_to_train() -> None:
    room = Room(1)
    room.ask("a1")
    room.ask("b1")
    assert room.pass_by(TURN_SECONDS * 0.9) == ["a1"]
    assert room.pass_by(TURN_SECONDS * 0.2) == ["b1"]
    assert room.pass_by(TURN_SECONDS * 0.9) == ["b1"]


def test_where_nobody_waits_nobody_makes_room() -> None:
    room = Room(2)
    room.ask("a1", "b1")
    assert room.pass_by(1_000) == ["a1", "b1"]


def test_two_equals_do_not_take_each_others_turns() -> None:
    room = Room(2)
    room.ask("a1", "a2", "b1")
    first = room.pass_by()
    assert sorted(run[0] for run in first) == ["a", "b"]
    for _ in range(10):
        assert "b1" in room.pass_by(), "the other's second run shares the other's turn"


def test_nothing_is_kept_of_those_who_left() -> None:
    room = Room(1)
    for number in range(100):
        owner = f"{number} owner"
        room.turns.ask(str(number), owner)
        room.turns.leave(str(number))
    assert not any(value for name, value in vars(room.turns).items() if isinstance(value, dict | list)), vars(
        room.turns
    )


def test_without_a_turn_nothing_would_ever_train() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Turns(0)
