"""Questions to a net answered, as messages: by the process that watches it learn, or by one that stands in for it."""

import logging

from engine.asking import Question
from engine.errors import LearnscopeError, RunError
from engine.readings import Arrays
from engine.runs import messages
from engine.training.experiment import Answering, Experiment

FAULT = "The net cannot answer this just now: the server's log says why."

log = logging.getLogger("learnscope.answering")


def answer(experiment: Experiment, step: int, asked: str, tensors: Arrays | None = None) -> bytes:
    """Return what the net of ``experiment`` at ``step`` answers to a question as text: a message of kind ``answer``.

    With ``tensors`` it is the net that they are of; see ``engine.training.experiment.Answering``. That there is no
    answer is said in the message.
    """
    question = Question("")
    try:
        question = Question.from_json(asked)
        if not isinstance(experiment, Answering):
            raise RunError("The nets of this lab answer no questions.")
        told = experiment.answer(question, tensors)
        return messages.answer(question.id, step, told)
    except LearnscopeError as error:
        return messages.unanswered(question.id, str(error))
    except Exception:
        log.exception("a question to a net could not be answered")
        return messages.unanswered(question.id, FAULT)
