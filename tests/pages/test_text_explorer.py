"""The text of a run on the page: every number is that of the text itself, of scikit-learn's or of gensim's."""

import html
import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from gensim.models import Word2Vec
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from streamlit.testing.v1 import AppTest

from engine.errors import RunRefused
from engine.jobs import Jobs
from engine.words.corpora import corpus
from engine.words.train import ClassifierSpec, classifier_order
from engine.words.train.labelled_spec import LabelledSpec
from pages.ui.corpus import work
from pages.ui.text import plain
from pages.ui.words.room import words
from tests.hostile.payloads import MARKDOWN, PAYLOADS
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import address_of
from tests.pages.waiting import prepared

NAME, MIN_COUNT, SAMPLE = "packaged:descriptions", 3, 1e-3
WRITTEN = "The data of the classes. The zzyzx <b>data</b>"
TOKENS = [["the", "data", "of", "the", "classes"], ["the", "b", "data", "b"]]
"""Those of it that the text has often enough; "zzyzx" it does not have."""
OURS = {"div", "span", "b", "small", "p", "table", "thead", "tbody", "tr", "th", "td"}


@pytest.fixture(scope="module")
def sentences() -> list[list[str]]:
    """The sentences of the text: it is made of words that the rule leaves whole."""
    return list(corpus(NAME).sentences())


def opened(page: OpenPage, view: str, **asked: str) -> AppTest:
    """Open a view of the text, and wait for what has to be made of it."""
    address = {"corpus": NAME, "min_count": str(MIN_COUNT), "text.view": view} | asked
    visit = prepared(page("train_words.py", **address))
    assert not visit.exception
    assert not visit.main.error
    return visit


def tables(visit: AppTest) -> list[dict[str, list[str]]]:
    """Return the tables of numbers: each row by its head; that of the heads is called "heads"."""
    found = []
    for one in markup(visit):
        for table in re.findall(r"<table>(.*?)</table>", one):
            rows = [
                [html.unescape(one) for one in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
                for row in re.findall(r"<tr>(.*?)</tr>", table)
            ]
            found.append({"heads": rows[0][1:]} | {row[0]: row[1:] for row in rows[1:]})
    return found


def markup(visit: AppTest) -> list[str]:
    return [element.proto.body for element in visit.get("html")]


def chips(visit: AppTest) -> list[list[tuple[str, str, str]]]:
    """Return the rows of tokens: of each its kind, itself, and what is told below it."""
    token = re.compile(r'<span class="ls-(\w*)"[^>]*><b>(.*?)</b>(?:<small>(.*?)</small>)?</span>')
    return [
        [(kind, html.unescape(word), below) for kind, word, below in token.findall(one)]
        for one in markup(visit)
        if one.startswith('<div class="ls-tokens">')
    ]


def numbers(row: list[str]) -> list[float]:
    return [float(one.replace(",", "").replace("−", "-").removesuffix("%")) for one in row if one]


def figure(visit: AppTest, place: int = 0) -> dict:
    return json.loads(visit.get("plotly_chart")[place].proto.spec)


def test_tokens_are_told_with_their_counts_and_fates(page: OpenPage, sentences: list[list[str]]):
    visit = opened(page, "tokens", **{"text.written": WRITTEN})
    counts = Counter(word for sentence in sentences for word in sentence)
    learnt = sum(count for count in counts.values() if count >= MIN_COUNT)
    rows = chips(visit)
    assert [[word for _, word, _ in row] for row in rows] == [TOKENS[0], ["the", "zzyzx", "b", "data", "b"]]
    for kind, word, below in (one for row in rows for one in row):
        share = counts[word] / learnt
        if not counts[word]:
            assert (kind, below) == ("unknown", "not in the text")
        elif counts[word] < MIN_COUNT:
            assert (kind, below) == ("rare", f"{counts[word]}×, left out")
        else:
            keep = min(1.0, (np.sqrt(share / SAMPLE) + 1) * SAMPLE / share)
            stays = "" if keep >= 1 else f", stays {keep:.0%}"
            assert (kind, below) == ("learnt", f"{counts[word]:,}×{stays}")
    assert "zzyzx" not in counts
    assert not counts["b"] or counts["b"] < MIN_COUNT


def test_sentences_as_numbers_are_scikit_learns(page: OpenPage, sentences: list[list[str]]):
    kept = [[word for word in row if word != "b"] for row in TOKENS]
    texts = [" ".join(row) for row in kept]
    counting, weighing = CountVectorizer(token_pattern=r"\S+"), TfidfVectorizer(token_pattern=r"\S+")
    bag, tf_idf = (one.fit_transform(texts).toarray() for one in (counting, weighing))
    words = counting.get_feature_names_out().tolist()

    def shown(form: str) -> dict[str, list[str]]:
        (table,) = tables(opened(page, "tokens", **{"text.written": WRITTEN, "text.form": form}))
        return table

    found = shown("bag")
    assert found["heads"] == words
    assert [numbers(found[str(row + 1)]) for row in range(2)] == bag.tolist()
    found = shown("tfidf")
    np.testing.assert_allclose([numbers(found[str(row + 1)]) for row in range(2)], tf_idf, atol=0.0051)
    np.testing.assert_allclose(numbers(found["idf"]), weighing.idf_, atol=0.0051)
    found = shown("index")
    tokens = [word for row in kept for word in row]
    assert found["heads"] == tokens
    assert numbers(found["in these sentences"]) == [words.index(word) for word in tokens]
    counts = Counter(word for sentence in sentences for word in sentence)
    order = sorted(counts, key=lambda word: -counts[word])
    assert numbers(found["in the text"]) == [order.index(word) for word in tokens]
    found = shown("onehot")
    assert found["heads"] == words
    assert numbers(found["classes"]) == [float(word == "classes") for word in words]
    found = shown("dense")
    assert set(found) == {"heads", *words}


def test_pieces_grow_on_the_page_as_they_were_merged(page: OpenPage):
    visit = opened(page, "tokens", rule="bpe", merges="200", **{"text.written": "data classes", "text.cut": "classes"})
    growing = tables(visit)[0]
    assert growing["0"][-1] == " · ".join([*"classe", "s</w>"])
    *_, last = growing.values()
    assert last[-1].replace(" · ", "") == "classes</w>"
    for one, other in zip(list(growing.values())[1:], list(growing.values())[2:], strict=False):
        left, right = other[1].split(" + ")
        assert other[-1] == one[-1].replace(f"{left} · {right}", left + right)
    assert [numbers([row[0]])[0] for row in list(growing.values())[2:]] == sorted(
        numbers([row[0]])[0] for row in list(growing.values())[2:]
    )


def test_counts_are_those_of_the_text(page: OpenPage, sentences: list[list[str]]):
    visit = opened(page, "counts", sample="0.001")
    counts = Counter(word for sentence in sentences for word in sentence)
    falling = sorted(counts.values(), reverse=True)
    kept = [count for count in falling if count >= MIN_COUNT]
    told = {one.label: one.value for one in visit.metric}
    assert (told["Tokens"], told["Different"]) == (f"{counts.total():,}", f"{len(counts):,}")
    assert (told["Learnt"], told["Of the text"]) == (f"{len(kept):,}", f"{sum(kept) / sum(falling):.1%}")
    counted = figure(visit)["data"][0]
    assert counted["y"] == [falling[rank - 1] for rank in counted["x"]]
    covered = figure(visit, 1)["data"][0]
    assert covered["y"] == pytest.approx([sum(falling[:rank]) / sum(falling) for rank in covered["x"]])
    by_rank, by_share = (one.value for one in visit.table)
    for rank, word, count in zip(by_rank["rank"], by_rank["word"], by_rank["count"], strict=True):
        assert int(count.replace(",", "")) == counts[word] == falling[int(rank.replace(",", "")) - 1]
    for rank, share in zip(by_share["most frequent words"], by_share["share of the text"], strict=True):
        assert float(share) == pytest.approx(sum(falling[: int(rank.replace(",", ""))]) / sum(falling), abs=6e-4)
    assert by_rank["rank"].iloc[[0, 1, -1]].tolist() == ["1", "2", f"{len(counts):,}"]
    (first, most), (second, less) = counts.most_common(2)
    assert f"“{first}” comes {most:,} times, “{second}” {less:,} times" in " ".join(one.value for one in visit.caption)
    model = Word2Vec(sentences, vector_size=2, min_count=MIN_COUNT, sample=SAMPLE, negative=5, workers=1)
    drawn = dict(
        zip(model.wv.index_to_key, np.diff(np.asarray(model.cum_table, float), prepend=0) / (2**31 - 1), strict=True)
    )
    (table,) = tables(visit)
    assert table.pop("heads")[1] == "count"
    for word, row in table.items():
        rank, count, share, noise, ratio, times, stays = numbers(row)
        assert count == counts[word] == falling[int(rank) - 1]
        assert share / 100 == pytest.approx(count / sum(kept), abs=6e-6)
        assert noise / 100 == pytest.approx(drawn[word], abs=6e-6)
        assert ratio == pytest.approx(drawn[word] * sum(kept) / count, abs=0.006)
        assert abs(times - 100_000 * drawn[word]) < 5 * np.sqrt(100_000 * drawn[word])
        assert stays / 100 == pytest.approx(model.wv.get_vecattr(word, "sample_int") / (2**32 - 1), abs=6e-4)


def test_a_cell_is_the_sum_of_its_distances_and_seen_in_the_text(page: OpenPage, sentences: list[list[str]]):
    visit = opened(page, "pairs", window="4", **{"text.one": "the", "text.other": "data", "text.size": "15"})
    counts = Counter(word for sentence in sentences for word in sentence)
    kept = [[word for word in sentence if counts[word] >= MIN_COUNT] for sentence in sentences]
    times: Counter[int] = Counter()
    for sentence in kept:
        for at, word in enumerate(sentence):
            for distance, other in enumerate(sentence[at + 1 : at + 5], start=1):
                times[distance] += {word, other} == {"the", "data"}
    (table,) = tables(visit)
    assert [int(numbers(table[str(distance)])[0]) for distance in range(1, 5)] == [times[d] for d in range(1, 5)]
    whole = sum(count / distance for distance, count in times.items())
    assert numbers(table["all"])[-1] == pytest.approx(whole, rel=1e-3)
    heat, _ = figure(visit)["data"]
    words = figure(visit)["layout"]["xaxis"]["ticktext"]
    assert len(words) == 15
    one, other = words.index("the"), words.index("data")
    assert 10 ** heat["z"][one][other] == pytest.approx(whole) == 10 ** heat["z"][other][one]
    (cells,) = (one.value for one in visit.table)
    told = {(row["word"], row["near"]): float(row["sum of 1/distance"].replace(",", "")) for _, row in cells.iterrows()}
    assert told["the", "data"] == told["data", "the"] == pytest.approx(whole, abs=6e-4)
    assert list(told.values()) == sorted(told.values(), reverse=True)
    seen = next(one for one in markup(visit) if "<mark>" in one)
    for line in seen.split("</p>")[:-1]:
        assert sorted(re.findall(r"<mark>(.*?)</mark>", line)) == ["data", "the"]
        between = re.search(r"</mark>(.*?)<mark>", line)
        assert between is not None
        distance = len(between[1].split()) + 1
        assert line.endswith(f"<small>adds {'1' if distance == 1 else f'1/{distance}'}</small>")


def test_a_run_of_one_side_counts_one_side(page: OpenPage, sentences: list[list[str]]):
    asked = {"text.one": "the", "text.other": "data", "text.size": "15"}
    visit = opened(page, "pairs", window="3", method="glove", symmetric="false", min_count="1", **asked)
    times = Counter(
        distance
        for sentence in sentences
        for distance in (1, 2, 3)
        for pair in zip(sentence, sentence[distance:], strict=False)
        if pair == ("the", "data")
    )
    (table,) = tables(visit)
    assert [int(numbers(table[str(distance)])[0]) for distance in (1, 2, 3)] == [times[d] for d in (1, 2, 3)]
    seen = next(one for one in markup(visit) if "<mark>" in one)
    assert {tuple(re.findall(r"<mark>(.*?)</mark>", line)) for line in seen.split("</p>")[:-1]} == {("the", "data")}


def test_the_way_to_a_word_is_gensims(page: OpenPage, sentences: list[list[str]]):
    visit = opened(page, "tree", objective="hierarchical", **{"text.word": "data"})
    counts = Counter(word for sentence in sentences for word in sentence)
    kept = {word: count for word, count in counts.items() if count >= MIN_COUNT}
    order = sorted(kept, key=lambda word: -kept[word])  # of equal ones the first to come, as the run has them
    model = Word2Vec(vector_size=2, min_count=1, hs=1, negative=0, sorted_vocab=0, workers=1)
    model.build_vocab_from_freq({word: kept[word] for word in order})
    codes = [model.wv.get_vecattr(word, "code") for word in order]
    code = "".join(map(str, model.wv.get_vecattr("data", "code").tolist()))
    assert any(f"`{code}`: {len(code)} turns" in one.value for one in visit.markdown)
    (table,) = tables(visit)
    nodes = [int(numbers(table[str(turn + 1)][:1])[0]) for turn in range(len(code))]
    assert nodes == model.wv.get_vecattr("data", "point").tolist()
    share = kept["data"] / sum(kept.values())
    assert numbers([table["all"][-1]])[0] == pytest.approx(-np.log2(share), abs=0.006)
    told = {one.label: float(one.value) for one in visit.metric}
    shares = np.array([kept[word] for word in order]) / sum(kept.values())
    assert told["Turns to a word"] == pytest.approx(float(shares @ [len(one) for one in codes]), abs=0.006)
    assert told["Entropy, bits"] == pytest.approx(float(-(shares @ np.log2(shares))), abs=0.006)
    assert told["All equally deep"] == pytest.approx(np.log2(len(kept)), abs=0.006)
    assert "The run above finds its words" in str([one.value for one in visit.caption])


def test_a_look_that_another_tab_has_ended_is_not_begun_again(own_hub: Path):
    """Two tabs of one person would end each other's for ever."""
    looks, wanted = words().looks, classifier_order.order(ClassifierSpec(epochs=17), LabelledSpec(), "a dog")
    assert looks.course(wanted) is None
    assert not work._going(looks, wanted, "Learning", "tab-labels")
    assert work.followed(wanted, "Learning", "tab-labels") is None
    assert looks.course(wanted) is None
    work._begin(looks, wanted, "tab-labels")
    assert work.followed(wanted, "Learning", "tab-labels") is None
    assert looks.course(wanted) is not None


def test_the_address_says_what_is_looked_at(page: OpenPage):
    visit = opened(page, "tree", **{"text.word": "data", "text.levels": "3"})
    found = address_of(visit)
    assert (found["text.view"], found["text.word"], found["text.levels"]) == ("tree", "data", "3")
    assert found["corpus"] == NAME
    view = next(one for one in visit.get("button_group") if one.key.endswith("-view"))
    view.set_value("counts").run()
    assert address_of(visit)["text.view"] == "counts"
    assert not visit.exception
    visit = opened(page, "tokens", **{"text.size": "999", "text.nothing": "1"})
    assert plain("text.size, text.nothing") in visit.main.warning[0].value
    other = page(**{"text.view": "tree"})
    assert plain("text.view") in other.main.warning[0].value, "no other lab has it"


def test_what_cannot_be_shown_is_said(page: OpenPage):
    visit = opened(page, "tree", **{"text.word": "<b>zzyzx"})
    assert "is not among the words in the tree" in str([one.value for one in visit.caption])
    assert "<b>" not in str([one.value for one in visit.caption])
    visit = opened(page, "tokens", **{"text.written": "?!"})
    assert "no token" in visit.main.info[0].value


def test_what_is_written_is_shown_letter_by_letter(page: OpenPage):
    visit = opened(page, "tokens", rule="blanks", lower="false")
    for payload in (*PAYLOADS, *MARKDOWN):
        next(one for one in visit.text_area if one.label == "Sentences").set_value(payload).run()
        told = [word for row in chips(visit) for _, word, _ in row]
        assert told == [word if len(word) <= 40 else f"{word[:39]}…" for word in payload.split()]
        shown = "".join(one for one in markup(visit) if one.startswith('<div class="ls-'))
        assert set(re.findall(r"<([a-zA-Z!]+)", shown)) <= OURS
        assert not visit.exception


def test_a_text_is_cut_again_where_that_was_called_off_or_has_no_room(page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise RunRefused("40 others wait for their turn: try again in a minute.")

    with monkeypatch.context() as patch:
        patch.setattr(Jobs, "ask", refuse)
        visit = page("train_words.py", corpus=NAME, window="7", **{"text.view": "pairs", "text.size": "20"})
        assert "40 others wait" in str([one.value for one in visit.main.warning])
    visit = opened(page, "pairs", window="7", **{"text.size": "20"})
    assert tables(visit)
