"""Plain texts and fillers of a column are those of its texts, one by one."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bindery.catalogue.facts_of.texts import fillers, long_fillers, plain_texts, said
from bindery.trade.texts import clean_html, is_placeholder, plain

_PIECES = [
    *(
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<ul>",
        "<li>",
        "</li>",
        "</ul>",
        "<pre>",
        "</pre>",
        "<br>",
        "<script>",
        "<img src=x>",
    ),
    *(
        "<a href='http://x/?a=1&b<c>'>",
        "<a href='http://x/\n'>",
        "</a>",
        "&",
        "&amp;",
        "&amp;amp;",
        "&lt;b&gt;",
        "&nbsp;",
    ),
    *(
        "\n",
        "\n\n",
        " ",
        "  ",
        "\t",
        "\r",
        "\xa0",
        "\u2003",
        "\u2028",
        "\x0b",
        "\u3000",
        "\ufeff",
        "\u200b",
        "x",
        "ł",
        "“",
        "名",
    ),
]
_RAW = st.lists(st.sampled_from(_PIECES) | st.text(max_size=3), max_size=10).map("".join)
_FILLERS = st.sampled_from(
    [
        *(
            "N/A",
            "  tbc ",
            "unknown  narrator",
            "Ｎ/Ａ",
            "---",
            "",
            " ",
            "é",
            "n\t/a",
            "Unknown\u2003Narrator",
            "(TBA)",
            "#n/a#",
        ),
        *(
            "—TBA—",
            "n\u0301one",
            "ﬁ",
            "not  available",
            "x" * 300,
            "-" * 900,
            "é" * 900,
            "🎧" * 300,
            "keine Angabe",
            "NIL ł",
        ),
    ]
)


@given(st.lists(st.tuples(_RAW, st.sampled_from([None, "02", "06"])), max_size=6), st.integers(0, 2))
def test_plain_texts_of_what_was_cleaned(raw: list[tuple[str, str | None]], before: int) -> None:
    html = pa.array([clean_html(text, text_format) for text, text_format in raw], pa.string()).slice(before)
    assert plain_texts(html).to_pylist() == [plain(text) for text in html.to_pylist()]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One &amp; <b>two</b></p><p>Three<br>four</p><ul><li>five</li></ul>", "One & two\nThree\nfour\nfive"),
        ('<p><a href="http://x/?a=1&amp;b=2">Tom &amp;amp; Jerry</a></p>', "Tom &amp; Jerry"),
        ("<p>5 &lt; 6 &amp;lt; 7</p>", "5 < 6 &lt; 7"),
        ("<p>no&nbsp;break</p>", "no break"),
        ("<p> one  <i> two</i> </p>\n\n<p></p>", "one two"),
        ("<p>x</p>" * 2_000, "\n".join("x" * 2_000)),
        ("", ""),
    ],
)
def test_plain_text_of_a_text(html: str, expected: str) -> None:
    assert plain_texts(pa.array(["<p>before</p>", html, "<p>&amp;"])).to_pylist() == ["before", expected, "&"]


@given(st.lists(_FILLERS | _RAW, max_size=6), st.integers(0, 2))
def test_fillers_of_a_column(texts: list[str], before: int) -> None:
    column = pa.array(texts, pa.string()).slice(before)
    expected = [is_placeholder(text) for text in column.to_pylist()]
    assert fillers(column).tolist() == expected
    assert long_fillers(column).tolist() == expected


def test_what_is_said_is_trimmed_and_null_where_it_is_a_filler() -> None:
    texts = pa.array([" Łukasz ", None, "tbc", "", "\u3000名前\n"])
    assert said(texts).to_pylist() == ["Łukasz", None, None, None, "名前"]
