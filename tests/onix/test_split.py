"""The splitter takes plain records in strides; its parts are those of the walk over every tag, whatever the message."""

from __future__ import annotations

import mmap
import random
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bindery.errors import RefusedError
from bindery.onix import plain
from bindery.onix.prolog import Root, detect_encoding, read_prolog
from bindery.onix.split import Part, split
from tests.onix.reading import MESSAGES, message, product
from tests.onix.simulated import KINDS, simulated

Outcome = tuple[list[Part], str | None]

WINDOWS = (40, 97, 1_000, plain.WINDOW)
"""Small ones, so that every kind of record meets a window's edge at every offset."""


def _root(data: bytes) -> Root:
    return read_prolog(data, detect_encoding(data, "m"), "m")


def _outcome(data: bytes, root: Root, *, walk: bool) -> Outcome:
    """The parts, and the reason of a refusal after them."""
    parts = []
    try:
        for part in split(data, root, "m", walk=walk):
            parts.append(part)  # noqa: PERF402 - what came before a refusal counts too
    except RefusedError as error:
        return parts, error.what
    return parts, None


def _same_in_strides_and_walking(data: bytes, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    root = _root(data)
    walked = _outcome(data, root, walk=True)
    for window in WINDOWS:
        monkeypatch.setattr(plain, "WINDOW", window)
        assert _outcome(data, root, walk=False) == walked, window
    _lie_apart_in_order(data, root, walked)
    return walked


def _lie_apart_in_order(data: bytes, root: Root, outcome: Outcome) -> None:
    """Every byte between the root's tags is in one part, but white space, comments and instructions between parts."""
    parts, refused = outcome
    edges = [root.start if root.name.lower() == "product" else root.end]
    for part in parts:
        edges += [part.byte_start, part.byte_end]
        assert part.byte_start < part.byte_end
        assert part.line == data.count(b"\n", 0, part.byte_start) + 1
    assert edges == sorted(edges)
    if refused:
        return
    if root.name.lower() == "product":
        assert edges[-1] == root.end if root.empty else data.rfind(b">") + 1
        return
    gaps = zip(edges[::2], [*edges[1::2], data.rfind(b"</" + (root.prefix + root.name).encode())], strict=True)
    for start, end in gaps:
        gap = re.sub(rb"<!--.*?-->|<\?.*?\?>|</(?:\w+:)?(?:NoProduct|x507)\s*>", b"", data[start:end], flags=re.DOTALL)
        assert not gap.strip(), gap


PIECES = (
    *("<Product>", "</Product>", "<product>", "</product>", "<Product/>", "<Product >", "</Product >", "</Product\n>"),
    *("<Product a='>'>", '<Product a="</Product>">', '<Product a="x" b=\'y"\'>', "<Product a=>", '<Product a="/">'),
    *("<Product\n\ta='1'/>", '<Product a="', "<Product a='/'/>", "<Product/ >", "<Product b='<'>"),
    *("<x:Product>", "</x:Product>", "<y:Product>", "</y:Product>", "<:Product>", "</:Product>", "<//Product>"),
    *("<ProductIdentifier>", "</ProductIdentifier>", "<ProductPart>", "</ProductPart>", "<RelatedProduct>"),
    *("</RelatedProduct>", "<NoProduct/>", "<NoProduct>", "</NoProduct>", "<x507/>", "<Productx>", "and/Product x"),
    *("<!--", "-->", "<!-- </Product> -->", "<!-- <Product> -->", "<!-- <Product></Product> -->", "<!-- ! ? X -->"),
    *(
        "<![CDATA[",
        "]]>",
        "<![CDATA[ </Product> ]]>",
        "<![CDATA[ <b>bold</b> ]]>",
        "<![CDATA[ <!-- ]]>",
        "<!DOCTYPE x>",
    ),
    *("<?", "?>", "<?pi </Product> ?>", "<?pi x?>", "a?b", "why?!", "<! ", "ONIX", "ONIXMessage", "</ONIXMessage >"),
    *("</ONIXMessage>", "</ONIXmessage>", "</x:ONIXMessage>", "<ONIXMessage>", "<Header>", "</Header>", "<header/>"),
    *("loose", "<a>", "</a>", "<a b='</Product>'/>", "<Series/>", "du", "uc", "<Prod", "Product>", " ", "\n", "\t\r\n"),
    *("http://example.com/product/1", "/product ", "Our:Product ", "?--du  >", "!--du  >", "![CDATA[", "<!-->", "<?>"),
    *("<", ">", "&amp;", "é", "\x0b", "<RecordReference>r</RecordReference>", "<a001>r</a001>"),
)
_ROOTS = ("ONIXMessage", "ONIXmessage", "x:ONIXMessage", "Product", "product")
_GOOD = "<Product><RecordReference>good</RecordReference></Product>"


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(_ROOTS),
    st.lists(st.one_of(st.sampled_from(PIECES), st.just(_GOOD), st.just("<Product>"), st.just("</Product>"))),
)
@example("ONIXMessage", [_GOOD, "<Product>", "</ONIXMessage>", "</Product>"])
@example("x:ONIXMessage", ["<x:Product>", "</x:Product>", "<x:Product>", "<Product>", "</Product>", "</x:Product>"])
@example("ONIXMessage", [_GOOD, "<Product/>", "</Product>", _GOOD])
@example("ONIXMessage", [_GOOD, '<Product a="', "<!-- ", "</Product>", _GOOD])
@example("ONIXMessage", ["<Product>", "<!--", "<Product>", "-->", "</Product>", _GOOD])
@example("ONIXMessage", [_GOOD, "<Product>", "<![CDATA[", "</Product>", "]]>", "</Product>", _GOOD])
def test_parts_are_the_walks_whatever_stands_where(root: str, pieces: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        data = f"<{root}>{''.join(pieces)}</{root}>".encode()
        _same_in_strides_and_walking(data, patch)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(("release", "style"), KINDS)
def test_parts_are_the_walks_in_damaged_messages(
    release: str, style: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty damages each of a hundred and twenty messages."""
    chance = random.Random(f"{release} {style} {seed}")  # noqa: S311 - a test's dice
    whole = simulated(release, style, titles=4, seed=seed)
    monkeypatch.setattr("tests.onix.test_split.WINDOWS", (chance.randrange(50, 9_000), plain.WINDOW))
    start = whole.lower().index(b"</header>") + len(b"</header>")
    for _ in range(20):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 1, 2, 5))):
            at, far = sorted((chance.randrange(start, len(data)), chance.randrange(start, len(data))))
            short = min(far, at + chance.randrange(1, 300))
            how = chance.randrange(5)
            if how == 0:
                data[at:at] = chance.choice(PIECES).encode()
            elif how == 1:
                del data[at:short]
            elif how == 2:
                data[at:at] = data[far : far + chance.randrange(1, 4_000)]
            elif how == 3:
                data[at] = chance.choice(b"<>!?/'\" X\0")
            else:
                data[at:short] = bytes(reversed(data[at:short]))
        _same_in_strides_and_walking(bytes(data), monkeypatch)


@pytest.mark.parametrize(("release", "style"), KINDS)
def test_every_plain_record_is_taken_in_strides(release: str, style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = simulated(release, style, titles=40)
    parts, refused = _same_in_strides_and_walking(data, monkeypatch)
    assert ([part.kind for part in parts], refused) == (["header"] + ["record"] * 40, None)
    found = plain.PlainRecords(data, _root(data))
    in_strides = [start for one in found.after(parts[0].byte_end) for start in one.starts]
    assert in_strides == [part.byte_start for part in parts[1:]]


@pytest.mark.parametrize("window", range(40, 80))
def test_a_windows_edge_ends_no_stride(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"<ONIXMessage>" + b"<Product><a/></Product>\n" * 30 + b"</ONIXMessage>"
    monkeypatch.setattr(plain, "WINDOW", window)
    found = plain.PlainRecords(data, _root(data)).after(_root(data).end)
    assert sum(len(one.starts) for one in found) == 30


@pytest.mark.parametrize(
    "inside",
    [
        *("</Product>", "<Product>", "<x:product >", "</ONIXMessage>", "</ONIXmessage>", "<!--", "<![CDATA[", "<?pi"),
        *("<!-- </Product> -->", "<![CDATA[ <!-- ]]>", "!--du  > <![CDATA[ --> </Product> ]]>", "\n<?pi ?>\n"),
    ],
)
def test_bytes_compared_together_hide_nothing_wherever_it_stands(inside: str) -> None:
    for before in range(140):
        one = f"<Product>{' ' * before}\n{inside}</Product>\n"
        data = f"<ONIXMessage>{one}{_GOOD}\n{one}{_GOOD}{one}</ONIXMessage>".encode()
        assert _outcome(data, _root(data), walk=False) == _outcome(data, _root(data), walk=True), before


@pytest.mark.parametrize(
    ("inside", "records"),
    [
        ("<a><![CDATA[ <p>!</p> ]]></a>", 1),
        ("<!-- a comment --><?pi?>", 1),
        ("<a href='x?y!z'>X</a>", 1),
        ("<a>https://example.com/product/1 and product, /Product </a>", 1),
        ("<!-- </Product> -->", 0),
        ("<!-- never closed", 0),
        ("<![CDATA[ <Product> ]]>", 0),
        ("</ONIXMessage>", 0),
    ],
)
def test_what_cannot_move_a_records_bounds_is_no_reason_to_walk(inside: str, records: int) -> None:
    data = message(product("a", inside)).encode()
    found = list(plain.PlainRecords(data, _root(data)).after(data.index(b"<Product>")))
    assert sum(len(one.starts) for one in found) == records


@pytest.mark.parametrize("prefix", ["", "onix:"])
def test_records_with_attributes_a_prefix_and_no_space_between(prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = f'<{prefix}Product datestamp="2026>" sourcetype=\'"\'><a/></{prefix}Product>'
    data = f"<{prefix}ONIXMessage>{one}{one}\n{one}</{prefix}ONIXMessage>".encode()
    parts, _ = _same_in_strides_and_walking(data, monkeypatch)
    assert [data[part.byte_start : part.byte_end].decode() for part in parts] == [one, one, one]
    found = list(plain.PlainRecords(data, _root(data)).after(_root(data).end))
    assert sum(len(one.starts) for one in found) == 3


def test_a_mapped_file_is_split_as_its_bytes_are(tmp_path: Path) -> None:
    data = (MESSAGES / "ref_30.xml").read_bytes()
    path = tmp_path / "m.xml"
    path.write_bytes(data)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert list(split(mapped, _root(data), "m")) == list(split(data, _root(data), "m"))
