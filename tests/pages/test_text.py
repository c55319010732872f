import re

from pages.ui.text import plain, prose


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


def test_every_special_character_is_escaped_once():
    assert plain("a*b") == "a\\*b"
    assert plain("<b>") == "\\<b\\>"
    assert plain("x\\y") == "x\\\\y"


def test_lines_and_invisible_characters_become_spaces():
    assert plain("a\nb\x00c\u202ed") == "a b c d"


def test_long_text_is_cut():
    assert plain("x" * 300, 10) == "x" * 9 + "…"


def test_what_looks_like_an_address_becomes_no_link():
    for address in (
        "see http://elsewhere.example/x",
        "www.elsewhere.example",
        "WWW.elsewhere.example",
        "me@elsewhere.example",
    ):
        shown = re.sub(r"\\(.)", r"\1", plain(address))
        assert not re.search(r"://|www\.|[\w.+-]@", shown, re.IGNORECASE)
        assert shown.replace("\u2060", "") == address


def test_prose_has_lines_lists_and_bold_and_nothing_else():
    assert prose("one\ntwo") == "one  \ntwo"
    assert prose("do:\n- **this**, now\n- that\nthen") == "do\\:  \n\n- **this**, now\n- that\n\nthen"
    assert prose("# no\n    code\n1. no\n> no\n===") == "\\# no  \ncode  \n1\\. no  \n\\> no  \n\\==="
    assert prose("** not **, *not*, ****") == r"\*\* not \*\*, \*not\*, \*\*\*\*"
    assert prose("- ![x](y) <b>") == r"- \!\[x\]\(y\) \<b\>"
    assert prose("") == ""
