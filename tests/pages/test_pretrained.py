"""The page of pretrained models: nothing to train on it, a model chosen from the server, and what is wrong told."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.language.models import bringing, own
from pages.ui import bringing as offered
from pages.ui.language import models
from tests.engine.nets.pretrained.folders import folder
from tests.hostile.models import good
from tests.pages.conftest import OpenPage
from tests.pages.test_own_sequences import captions, plain, press, select, told
from tests.pages.test_playground import run_of


def test_there_is_nothing_to_train_to_compare_or_to_take_away(page: OpenPage) -> None:
    visit = page("pretrained.py")
    assert not visit.exception
    assert run_of(visit)
    said = " ".join(one.label for one in visit.expander)
    for part in ("Compare", "Take away", "Open a run"):
        assert part not in said


def test_a_live_setting_changes_the_same_run_before_anything_was_trained(page: OpenPage) -> None:
    visit = page("pretrained.py")
    before = run_of(visit)
    (knock,) = (one for one in visit.toggle if one.label == "Knock this head out")
    knock.set_value(True).run()
    assert run_of(visit) == before
    (model,) = (one for one in visit.selectbox if one.label == "Model")
    model.set_value("bert").run()
    assert run_of(visit) != before


def test_models_on_the_server_are_offered_and_described(
    page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder(tmp_path / "models" / "tiny", "bert")
    monkeypatch.setenv(bringing.NAMED_BY, str(tmp_path / "models"))
    visit = page("pretrained.py")
    select(visit, "Model").set_value("own").run()
    assert "No model of yours is chosen yet" in plain(told(visit))
    select(visit, "Your model").set_value("server").run()
    chosen = select(visit, "Models on this server")
    assert chosen.options == ["Choose one", "models/tiny"]
    chosen.set_value("server:models/tiny").run()
    assert "In use: tiny." in captions(visit)
    assert "BERT, 3 blocks of 4 heads, 17,856 numbers." in captions(visit)
    assert run_of(visit)


def test_a_model_that_was_brought_is_chosen_again_and_deleted(
    page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offered, "person", lambda: "session-zoe")
    home = offered.home_folder()
    data = list(good("gpt2").values())
    asked = own.keep(home, [b"".join(data)], "/".join(good("gpt2")), "session-zoe", sizes=[len(one) for one in data])
    visit = page("pretrained.py")
    select(visit, "Model").set_value("own").run()
    way = select(visit, "Your model")
    assert way.options == [models.WAYS[one] for one in ("upload", "kept", "hub")]
    way.set_value("kept").run()
    select(visit, "Models that you have brought").set_value(asked).run()
    assert "GPT-2, 3 blocks of 4 heads, 29,424 numbers." in captions(visit)
    press(visit, "Delete this model")
    assert not own.MODELS.listed(home, "session-zoe")


def test_a_name_that_no_hub_has_is_told(page: OpenPage) -> None:
    visit = page("pretrained.py")
    select(visit, "Model").set_value("own").run()
    select(visit, "Your model").set_value("hub").run()
    (name,) = (one for one in visit.text_input if one.label == "Name on the hub")
    name.set_value("../../etc/passwd").run()
    press(visit, "Download it")
    assert "is no name of a model on a hub" in plain(told(visit))
    assert not visit.exception


def test_what_is_watched_is_bounded_by_the_model_that_is_open(
    page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bounds(visit: AppTest) -> dict[str, tuple[float, float]]:
        return {one.label: (one.max, one.value) for one in visit.slider if one.label in ("Block", "Head")}

    folder(tmp_path / "models" / "tiny", "gpt2", n_layer=2, n_head=6)
    folder(tmp_path / "models" / "single", "gpt2", n_layer=1, n_head=2)
    monkeypatch.setenv(bringing.NAMED_BY, str(tmp_path / "models"))
    visit = page("pretrained.py", block="95", head="3")
    assert bounds(visit) == {"Block": (3, 3), "Head": (3, 3)}
    select(visit, "Model").set_value("own").run()
    select(visit, "Your model").set_value("server").run()
    select(visit, "Models on this server").set_value("server:models/tiny").run()
    assert bounds(visit) == {"Block": (1, 1), "Head": (5, 3)}
    select(visit, "Models on this server").set_value("server:models/single").run()
    assert bounds(visit) == {"Head": (1, 1)}, "of one block there is nothing to choose"
    assert not visit.exception
