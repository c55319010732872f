"""Days from 1900 to 2099 as people write them, in English, French and German, and as ISO 8601 has them."""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.data.language.grammar import words

FIRST, LAST = "1900-01-01", "2099-12-31"
MONTHS: Mapping[str, Sequence[str]] = {
    "english": words("January February March April May June July August September October November December"),
    "french": words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    "german": words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
}
FORMS: Mapping[str, Sequence[str]] = {
    "english": (
        "{month} {day}, {year}",
        "{day} {month} {year}",
        "{day}{th} of {month} {year}",
        "the {day}{th} of {month}, {year}",
        "{short} {day} {year}",
        "{day} {short} {year}",
        "{month_number}/{day}/{year}",
        "{year}/{month_number:02}/{day:02}",
    ),
    "french": (
        "le {day} {month} {year}",
        "{day} {month} {year}",
        "{day}/{month_number}/{year}",
        "{day:02}.{month_number:02}.{year}",
        "{month} {year}, le {day}",
    ),
    "german": (
        "{day}. {month} {year}",
        "am {day}. {month} {year}",
        "den {day}. {short}. {year}",
        "{day}.{month_number}.{year}",
        "{day:02}.{month_number:02}.{year}",
    ),
}


def written(year: int, month: int, day: int, language: str, form: int) -> str:
    """Return a day in one of the forms of a language, by its number."""
    name = MONTHS[language][month - 1]
    th = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return FORMS[language][form].format(year=year, month=name, short=name[:3], month_number=month, day=day, th=th)


def dates(count: int, language: str, generator: np.random.Generator) -> list[tuple[str, str]]:
    """Return ``count`` pairs of a day in some form and in that of ISO 8601; a day may come in several forms."""
    first, last = (np.datetime64(day) for day in (FIRST, LAST))
    days = first + generator.integers(0, int((last - first).astype(int)) + 1, count)
    forms = generator.integers(0, len(FORMS[language]), count)
    pairs: list[tuple[str, str]] = []
    for day, form in zip(days.astype(str).tolist(), forms.tolist(), strict=True):
        year, month, number = map(int, day.split("-"))
        pairs.append((written(year, month, number, language, form), day))
    return pairs
