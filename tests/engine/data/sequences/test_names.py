"""Made-up names: letters of ASCII, none twice, none of two languages, to be told apart by more than their letters."""

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from engine.data.sequences import names as module
from engine.data.sequences.names import LANGUAGES, Rules, names


def test_names_are_as_many_as_asked_for_and_of_one_language_each() -> None:
    found = names(300, 1)
    assert set(found) == set(LANGUAGES)
    assert len(found) == 10
    every = [name for some in found.values() for name in some]
    assert len(every) == len(set(every))
    for language, some in found.items():
        assert 290 <= len(some) <= 300, language
        for name in some:
            assert name.isascii()
            assert name.isalpha()
            assert name == name.capitalize()
            assert 3 <= len(name) <= 20
    assert found == names(300, 1)
    assert found != names(300, 2)
    first = names(100, 1)["Polish"]
    assert first == found["Polish"][: len(first)], "more names are more of the same"


def test_rules_that_give_no_more_give_what_they_have(monkeypatch) -> None:
    few = {"One": Rules("ab", "x", "cd ef", most=0), "Two": Rules("ab", "x", "ef gh", most=0)}
    monkeypatch.setattr(module, "LANGUAGES", few)
    assert {language: sorted(some) for language, some in names(50, 1).items()} == {"One": ["Abcd"], "Two": ["Abgh"]}


def test_their_order_tells_more_than_their_letters() -> None:
    found = names(400, 3)
    told = [(name.lower(), language) for language, some in found.items() for name in some]
    learnt, held = told[::2], told[1::2]

    def right(**options: object) -> float:
        model = make_pipeline(CountVectorizer(analyzer="char", **options), LogisticRegression(max_iter=2000))
        return model.fit(*zip(*learnt, strict=True)).score(*zip(*held, strict=True))

    letters, threes = right(), right(ngram_range=(1, 3))
    assert 0.6 < letters < 0.85
    assert threes > letters + 0.08
