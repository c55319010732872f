import re

from pages.ui.text import plain, prose, told_apart


def test_markdown_has_no_effect():
    for hostile in (
        "![x](https://elsewhere.example/a.png)",
        "[click](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "**bold** _it_ `code` ~~gone~~ # head",
        "$\\alpha$ :red[x] :material/home: ||x||",
        "&lt;script&gt;",
    ):
        unescaped = re.sub(r"\\.", "", plain(hostile))
        assert not set("![]()<>*_`~#$:&|\\") & set(unescaped)


def test_what_streamlit_reads_though_it_is_escaped_is_taken_apart():
    """Icons, its own sign, arrows, dashes and comparisons; a browser was seen to show them."""
    for word in (":material/home:", ":streamlit:", "->", "<-", "<->", "--", ">=", "<=", "~="):
        shown = plain(f"a {word} b").replace("\\", "")
        assert shown.replace("\u2060", "") == f"a {word} b"
        assert word not in shown
    assert plain("a - b + c") == "a \\- b \\+ c"


def test_every_special_character_is_escaped_once():
    assert plain("a*b") == "a\\*b"
    assert plain("<b>") == "\\<b\\>"
    assert plain("x\\y") == "x\\\\y"


def test_lines_and_invisible_characters_become_spaces():
    assert plain("a\nb\x00c\u202ed") == "a b c d"


def test_long_text_is_cut():
    assert plain("x" * 300, 10) == "x" * 9 + "…"


def test_an_address_is_no_link():
    """An address that merely stands in a text would become one: after :// or www, or as that of a mail."""
    for address in ("http://evil.example/x", "HTTPS://evil.example", "WWW.evil.example", "me@evil.example"):
        shown = plain(f"see {address}, or so").replace("\\", "")
        assert shown.replace("\u2060", "") == f"see {address}, or so"
        assert not re.search(r"(https?://|www(?=\.))[-.\w]|@[-\w]", shown, re.IGNORECASE)
    assert plain("12 @ 3") == "12 @\u2060 3"
    assert plain("wwwx") == "wwwx"


def test_prose_has_lines_lists_and_bold_and_nothing_else():
    assert prose("one\ntwo") == "one  \ntwo"
    assert prose("do:\n- **this**, now\n- that\nthen") == "do\\:  \n\n- **this**, now\n- that\n\nthen"
    assert prose("# no\n    code\n1. no\n> no\n===") == "\\# no  \ncode  \n1\\. no  \n\\> no  \n\\==="
    assert prose("** not **, *not*, ****") == r"\*\* not \*\*, \*not\*, \*\*\*\*"
    assert prose("- ![x](y) <b>") == r"- \!\[x\]\(y\) \<b\>"
    assert prose("") == ""


def test_titles_that_are_alike_are_told_apart_for_good():
    first = told_apart({"a": "Pasted text", "b": "Pasted text", "c": "tale.txt"})
    assert len(set(first.values())) == 3
    assert first["c"] == "tale.txt"
    again = told_apart({"z": "Pasted text", "b": "Pasted text"})
    assert again["b"] == first["b"] != "Pasted text"
