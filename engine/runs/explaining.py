"""The process that explains numbers: forked by the zygote like a worker, but for whoever asks, about any run.

It answers one question after the other: lab, spec, frame and cell in, an explanation out. A worker is not asked, for it
trains; and of a run that is over there is none. So the nets of runs that are over, and of steps that are past, are
asked here too, about what a person brings: weights and question in, an answer out.
"""

import json
import logging
import os
import socket
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict
from multiprocessing.connection import Connection
from typing import Any

from safetensors.numpy import save

from engine import memory
from engine.errors import LearnscopeError
from engine.explanation import Cell, Explanation
from engine.frames import decode
from engine.labs.lab import Lab
from engine.runs.answering import answer
from engine.runs.past import walk
from engine.runs.weights import load_tensors, net_in
from engine.training.experiment import Experiment

NICENESS = 5
KEPT = 8
FAULT = "This number cannot be explained just now: the server's log says why."

log = logging.getLogger("learnscope.explaining")


def main(connection: socket.socket, labs: Mapping[str, Lab], most: int) -> None:
    """Answer until the server hangs up, in ``most`` bytes of memory."""
    os.nice(NICENESS)
    memory.limit(most)
    link = Connection(connection.detach())
    desk = Explaining(labs, most)
    try:
        while True:
            question, payload = json.loads(link.recv_bytes()), link.recv_bytes()
            answers = desk.walk if "changes" in question else desk.ask if "asked" in question else desk.explain
            link.send_bytes(answers(question, payload))
    except (EOFError, OSError):
        return


class Explaining:
    """Holds the experiments that were asked about last, for their points take longer to make than an answer.

    Where these take more than a quarter of the ``most`` bytes that there are, another finds no others beside it: models
    of gigabytes are among them.
    """

    def __init__(self, labs: Mapping[str, Lab], most: int) -> None:
        self._labs = labs
        self._full = memory.held() + most // 4
        self._experiments: OrderedDict[tuple[str, str], Experiment] = OrderedDict()

    def ask(self, question: Mapping[str, Any], weights: bytes) -> bytes:
        """Return the answer of the net that has these weights, a safetensors file, as a message of kind ``answer``."""
        experiment = self._experiment(question["lab"], question["spec"])
        return answer(experiment, question["step"], question["asked"], load_tensors(weights))

    def walk(self, question: Mapping[str, Any], checkpoint: bytes) -> bytes:
        """Return the net at a step of a run, as a safetensors file, by walking there from a checkpoint of it, or from
        the beginning.
        """
        experiment = self._experiment(question["lab"], question["spec"])
        changes = [(int(step), str(name), str(value)) for step, name, value in question["changes"]]
        steps = experiment.steps(load_tensors(checkpoint) if checkpoint else None)
        for _ in walk(steps, experiment, changes, question["step"]):
            pass
        return save(net_in(experiment.checkpoint()))

    def explain(self, question: Mapping[str, Any], frame: bytes) -> bytes:
        """Return the explanation as JSON, or ``{"error": sentence}``."""
        return json.dumps(self._explained(question, frame)).encode()

    def _explained(self, question: Mapping[str, Any], frame: bytes) -> dict[str, Any]:
        try:
            message = decode(frame)
            cell = Cell(question["array"], tuple(question["index"]))
            experiment = self._experiment(question["lab"], question["spec"])
            told = experiment.explain(message.header["step"], message.arrays, cell)
        except LearnscopeError as error:
            return {"error": str(error)}
        except Exception:
            log.exception("a number of lab %s could not be explained", question["lab"])
            return {"error": FAULT}
        return _plain(told) | {"step": message.header["step"]}

    def _experiment(self, lab: str, spec: str) -> Experiment:
        key = (lab, spec)
        if key not in self._experiments:
            while self._experiments and memory.held() > self._full:
                self._experiments.popitem(last=False)
            self._experiments[key] = self._labs[lab].open(self._labs[lab].spec.from_json(spec))
        self._experiments.move_to_end(key)
        while len(self._experiments) > KEPT:
            self._experiments.popitem(last=False)
        return self._experiments[key]


def _plain(told: Explanation) -> dict[str, Any]:
    """Return an explanation as data for JSON, which has no word for NaN: the value is written out."""
    return {**asdict(told), "value": repr(told.value)}
