"""Before images of one's own are learnt they are read, by a job that tells how far it is, once for all."""

import json
from pathlib import Path

import pytest

from engine.data.images import reading
from engine.data.images.own import IMAGES
from engine.data.images.spec import OWN, ImagesSpec
from engine.errors import DataError
from engine.jobs import Jobs
from engine.labs.own_images import prepares
from engine.words import library
from tests.hostile import images as i
from tests.hostile.corpora import finished


def test_images_are_read_by_a_job_and_then_there_is_nothing_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    assert prepares(ImagesSpec()) is None
    spec = ImagesSpec(images=OWN, own_images=i.keep(tmp_path, {"m.zip": i.archive(i.pictures())}), own_side=8)
    to_do = prepares(spec)
    assert to_do is not None
    assert to_do == prepares(spec.replace(own_most=100)), "it is the same work, however many are used"
    starter = library.forge()
    jobs = Jobs(starter)
    try:
        course = finished(jobs, to_do.order)
    finally:
        jobs.close()
        starter.close()
    assert (course.state, course.result) == ("done", {"images": 4}), course.message
    assert prepares(spec) is None
    assert prepares(spec.replace(own_side=9)) is not None
    IMAGES.delete(tmp_path, spec.own_images)
    with pytest.raises(DataError, match="are not kept on this server any more"):
        prepares(spec)


def test_work_tells_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    monkeypatch.setattr("engine.data.images.gathering.BATCH_PICTURES", 1)
    spec = ImagesSpec(images=OWN, own_images=i.keep(tmp_path, {"m.zip": i.archive(i.pictures())}), own_side=8)
    to_do = prepares(spec)
    assert to_do is not None
    said = list(reading.read(json.loads(to_do.order.arguments)))
    assert [(one.share, one.words) for one in said] == [(n / 4, f"{n} of 4 pictures read") for n in range(4)]
