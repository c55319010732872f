"""What is asked at each step of a sequence is so many examples; a batch of texts is as long as its longest."""

import pytest
import torch
from sklearn.metrics import accuracy_score, r2_score

from engine.data.catalogue import Problem
from engine.training.sequences import Texts, at_each_step, longest
from engine.training.task import make_task

GENERATOR = torch.Generator().manual_seed(1)


def test_every_step_counts_in_the_loss_and_those_that_are_asked_for_in_the_score() -> None:
    task = at_each_step(make_task(Problem("x", "x", "classes", tuple("abc")), "auto"), 2)
    outputs = torch.randn(4, 5, 3, generator=GENERATOR)
    targets = torch.randint(0, 3, (4, 5), generator=GENERATOR)
    told = outputs.argmax(dim=2)
    chances = torch.softmax(outputs, dim=2).gather(2, targets[..., None])
    assert float(task.loss(outputs, targets)) == pytest.approx(float(-chances.log().mean()), rel=1e-6)
    assert task.score(outputs, targets) == accuracy_score(targets[:, 2:].flatten(), told[:, 2:].flatten())
    assert torch.equal(task.predictions(outputs), told)


def test_of_numbers_it_is_the_share_of_their_variance() -> None:
    task = at_each_step(make_task(Problem("x", "x", "regression"), "auto"), 0)
    outputs, targets = (torch.randn(4, 5, generator=GENERATOR) for _ in range(2))
    assert task.score(outputs[..., None], targets) == pytest.approx(r2_score(targets.flatten(), outputs.flatten()))
    assert float(task.loss(outputs[..., None], targets)) == pytest.approx(float((outputs - targets).square().mean()))


def test_a_batch_is_as_long_as_its_longest_text() -> None:
    tokens = torch.tensor([[3, 4, 0, 0], [5, 0, 0, 0], [6, 7, 8, 0], [0, 0, 0, 0]])
    texts = Texts(tokens, torch.tensor([0, 1, 2, 3]))
    read, targets = texts.batch(0, torch.tensor([1, 0]))
    assert read.tolist() == [[5, 0], [3, 4]]
    assert targets.tolist() == [1, 0]
    assert longest(tokens) == 3
    assert longest(tokens[3:]) == 1
