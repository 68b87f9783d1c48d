from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bindery.trade import texts
from bindery.trade.texts import clean_html, is_placeholder, plain


@pytest.mark.parametrize(
    ("raw", "code", "expected"),
    [
        ("<p>One</p><p>Two</p>", "05", "<p>One</p><p>Two</p>"),
        ("&lt;p&gt;One&lt;/p&gt;", "02", "<p>One</p>"),
        ("&amp;lt;p&amp;gt;One&amp;lt;/p&amp;gt;", None, "<p>One</p>"),
        ("<p>5 &lt; 6 &amp; 7</p>", "05", "<p>5 &lt; 6 &amp; 7</p>"),
        ("One & two < three", "06", "<p>One &amp; two &lt; three</p>"),
        ("Tom &amp; Jerry", None, "<p>Tom &amp; Jerry</p>"),
        ("One\nstill one\n\nTwo", "06", "<p>One<br>still one</p><p>Two</p>"),
        ("A <b>bold</b> claim", None, "<p>A <b>bold</b> claim</p>"),
        ("<p onclick='x()'>Hi<script>steal()</script></p>", "02", "<p>Hi</p>"),
        ('<a href="javascript:steal()">x</a>', "02", "<p><a>x</a></p>"),
        ('<p class="MsoNormal" style="margin:0"><o:p></o:p>Word</p>', "02", "<p>Word</p>"),
        ("<p>x<!-- secret --></p>", "02", "<p>x</p>"),
        ('<p title="t" lang="en" id="i">x</p>', "02", "<p>x</p>"),
        (
            '<p><a href="/next">x</a> <a href="HTTPS://x.example/">y</a></p>',
            "02",
            '<p><a>x</a> <a href="HTTPS://x.example/">y</a></p>',
        ),
        ("", None, ""),
        ("   ", "06", ""),
    ],
)
def test_texts_become_safe_html(raw: str, code: str | None, expected: str) -> None:
    assert clean_html(raw, code) == expected


_PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<b>",
                "<script>",
                "</script>",
                "<div>",
                "<!--",
                "-->",
                "<",
                ">",
                "&",
                "&lt;",
                "&gt;",
                "&amp;",
                "&lt;b&gt;",
                "&amp;lt;p&amp;gt;",
                "&nbsp;",
                "<a href='http://x'>",
                "</a>",
                "<br/>",
                "<img src=x>",
                "\n\n",
            ]
        ),
        st.text(max_size=5),
    ),
    max_size=12,
).map("".join)


@given(_PIECES, st.sampled_from([None, "02", "05", "06"]))
def test_cleaning_what_is_clean_changes_nothing(raw: str, code: str | None) -> None:
    once = clean_html(raw, code)
    assert clean_html(once, code) == once
    assert clean_html(once, "02") == once


@given(_PIECES, st.sampled_from([None, "02", "05", "06"]), st.integers(1, 80), st.integers(0, 3), st.integers(1, 3))
def test_cleaning_a_tangle_again_changes_nothing(
    raw: str, code: str | None, longest: int, loose: int, levels: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "_LONGEST_TEXT", longest)
        patch.setattr(texts, "_LOOSE_TAGS", loose)
        patch.setattr(texts, "_LEVELS", levels)
        once = clean_html(raw, code)
        assert clean_html(once, code) == once
        assert "<script" not in once


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("<ul><li>" * 300 + "One &amp; two", "<p>One &amp; two</p>"),
        ("<div></x>" * 600 + "One", "<p>One</p>"),
        ("<b>" * 100_000 + "One<br>two", "<p>One<br>two</p>"),
        ("<p>One</p>" + "<i>" * 501 + "two", "<p>One</p><p>two</p>"),
        ("<p>One</p>" * 2, "<p>One</p><p>One</p>"),
        ("<p>1</p>" * 3_000, "<p>1</p>" * 3_000),
    ],
)
def test_of_tags_that_nobody_could_read_the_words_are_kept(raw: str, expected: str) -> None:
    assert clean_html(raw, "02") == expected


@given(_PIECES, st.sampled_from([None, "02", "05", "06"]))
def test_nothing_dangerous_survives(raw: str, code: str | None) -> None:
    cleaned = clean_html(raw, code).lower()
    for forbidden in ("<script", "<img", "<div", "<!--", "javascript:"):
        assert forbidden not in cleaned


def test_plain_text_of_html() -> None:
    assert plain("<p>One &amp; <b>two</b></p><p>Three<br>four</p><ul><li>five</li></ul>") == (
        "One & two\nThree\nfour\nfive"
    )
    assert plain("<p>5 &lt; 6</p>") == "5 < 6"


@pytest.mark.parametrize(
    "text",
    [
        "N/A",
        "n/a.",
        "TBC",
        "tbd",
        "null",
        "None",
        "Unknown narrator",
        "Unknown  Narrator",
        "",
        "  ",
        "---",
        "?",
        "(TBA)",
        "To be confirmed",
        "Ｎ/Ａ",
    ],
)
def test_fillers(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text", ["Noone", "Tabea Unknown", "Nina", "The Unknown Narrator of Paris", "TBC Press", "1984", "unknown " * 40]
)
def test_names_are_no_fillers(text: str) -> None:
    assert not is_placeholder(text)
