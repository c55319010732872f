"""Stop conditions, on losses and scores made up for them."""

from engine.training.experiment import Step
from engine.training.settings import TrainingSpec
from engine.training.stop import Stop


def _ends_at(spec, losses, scores):
    stop = Stop(spec)
    for epoch, (loss, score) in enumerate(zip(losses, scores, strict=True)):
        if stop.reached(Step(epoch, float(epoch), 0.0), loss, score):
            return epoch, stop.reason
    return None, stop.reason


def test_target_score():
    epoch, reason = _ends_at(TrainingSpec(target_score=0.9), [1, 1, 1, 1], [0.1, 0.89, 0.9, 0.95])
    assert epoch == 2
    assert reason == "The validation score reached 0.9, the target was 0.9."


def test_patience_counts_from_the_lowest_loss():
    losses = [5, 4, 4.5, 3, 3.5, 3.2, 3.1, 2]
    epoch, reason = _ends_at(TrainingSpec(patience=3), losses, [0.0] * 8)
    assert epoch == 6
    assert reason == "The validation loss has not fallen below 3 for 3 epochs."


def test_nothing_is_asked_within_an_epoch_or_without_a_condition():
    assert Stop(TrainingSpec(patience=1)).asks(Step(8, 2.0, 0.0))
    assert not Stop(TrainingSpec(patience=1)).asks(Step(9, 2.25, 0.0))
    assert not Stop(TrainingSpec()).asks(Step(8, 2.0, 0.0))
