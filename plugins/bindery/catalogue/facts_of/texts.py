"""Plain texts and fillers, by columns; what they are, ``trade.texts`` says."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.canonical import offsets_of
from bindery.catalogue.columns import Index, Mask, any_of, lists_of, truth
from bindery.trade.texts import FILLERS, LONGEST_FILLER, cleaned_tag_breaks, is_placeholder, plain

_NO_ALPHANUMERIC = "".join(chr(code) for code in range(128) if not chr(code).isalnum())
_FILLERS = pa.array(sorted(FILLERS | {""}), pa.string())
_AT_A_TIME = 1 << 20
"""Bytes of HTML: intermediate arrays stay so small that their memory is used again."""
_AMPERSAND = np.frombuffer(b"amp;", np.uint8)


def _letters_of_no_filler() -> str:
    """A class of letters beyond ASCII that stay beyond it when they are folded: no filler has one.

    Those that fold into ASCII, such as full-width ones and ligatures, are not in it.
    """
    blocks = (range(0x80, 0x3100), range(0x4E00, 0xA000), range(0xAC00, 0xD7A4))
    ranges: list[tuple[int, int]] = []
    for code in (code for block in blocks for code in block):
        if chr(code).isalnum() and not unicodedata.normalize("NFKC", chr(code)).casefold().isascii():
            first_code = ranges.pop()[0] if ranges and ranges[-1][1] == code - 1 else code
            ranges.append((first_code, code))
    return "[" + "".join(f"\\x{{{low:x}}}-\\x{{{high:x}}}" for low, high in ranges) + "]"


_LETTER_OF_NO_FILLER = _letters_of_no_filler()


def _space_beyond_ascii() -> dict[int, Mask]:
    """By first byte of a character in UTF-8, which second and third bytes make it white space.

    The byte order mark is among them: it is dropped where it begins a text.
    """
    tables: dict[int, Mask] = {}
    for character in (*filter(str.isspace, map(chr, range(0x80, 0x3001))), "\ufeff"):
        lead, second, *third = character.encode()
        table = tables.setdefault(lead, np.zeros(1 << 16, np.bool_))
        table[second << 8 | third[0] if third else slice(second << 8, second + 1 << 8)] = True
    return tables


_SPACE_BEYOND_ASCII = _space_beyond_ascii()


def bytes_of(texts: pa.StringArray) -> tuple[npt.NDArray[np.uint8], Index]:
    """The bytes of texts, one behind the other, and where each begins and the last one ends."""
    offsets = offsets_of(texts)
    data = texts.buffers()[2]
    if data is None:
        return np.empty(0, np.uint8), np.zeros(len(texts) + 1, np.int64)
    return np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]], offsets.astype(np.int64) - offsets[0]


def fillers(texts: pa.StringArray) -> Mask:
    """Where a text is a filler, as ``trade.texts.is_placeholder`` says, or blank; not where it is null."""
    encoded = texts.dictionary_encode(null_encoding="encode")
    found: Mask = _distinct_fillers(encoded.dictionary)[encoded.indices.to_numpy()]
    return found


def _distinct_fillers(texts: pa.StringArray) -> Mask:
    bare = pc.ascii_trim(pc.ascii_lower(texts), _NO_ALPHANUMERIC)
    found = truth(pc.equal(bare, ""))
    doubtful = truth(pc.is_in(bare, _FILLERS)) | truth(pc.invert(pc.string_is_ascii(texts)))
    data, offsets = bytes_of(texts)
    spaced = np.flatnonzero((data < ord(" ")) | (data == ord(" ")) & (np.append(data[1:], 0) == ord(" ")))
    doubtful[np.searchsorted(offsets, spaced, "right") - 1] = True
    places = np.flatnonzero(doubtful)
    places = places[~truth(pc.match_substring_regex(texts.take(pa.array(places)), _LETTER_OF_NO_FILLER))]
    found[places] = [text is not None and is_placeholder(text) for text in texts.take(pa.array(places)).to_pylist()]
    return found


def said(texts: pa.StringArray) -> pa.StringArray:
    """Texts without the white space around them; null for fillers."""
    trimmed = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pa.array(fillers(trimmed)), None, trimmed)


def long_fillers(texts: pa.StringArray) -> Mask:
    """The same as ``fillers`` for texts that are mostly descriptions, without folding them whole."""
    short = truth(pc.less_equal(pc.utf8_length(texts), LONGEST_FILLER))
    found = ~truth(pc.match_substring_regex(texts, "[0-9A-Za-z]"))
    places = np.flatnonzero(found & ~short)
    found[places] = [is_placeholder(text) for text in texts.take(pa.array(places)).to_pylist()]
    places = np.flatnonzero(short)
    found[places] = fillers(texts.take(pa.array(places)))
    return found


def _odd_space(data: npt.NDArray[np.uint8], low: Index) -> list[Index]:
    """Where there is white space other than spaces and line feeds; ``low`` are the control characters."""
    places = [low[data[low] != ord("\n")]]
    padded = np.append(data, np.zeros(2, np.uint8))
    for lead, table in _SPACE_BEYOND_ASCII.items():
        at = np.flatnonzero(data == lead)
        if len(at):
            places.append(at[table[padded[at + 1].astype(np.int64) << 8 | padded[at + 2]]])
    return places


def plain_texts(html: pa.StringArray) -> pa.StringArray:
    """The text of cleaned HTML, as ``trade.texts.plain`` says."""
    offsets = offsets_of(html).astype(np.int64)
    ends = np.searchsorted(offsets, np.arange(offsets[0], offsets[-1], _AT_A_TIME), "right")
    cuts = np.unique(np.concatenate(([0], ends, [len(html)])))
    return pa.concat_arrays(
        [_plain_texts(html.slice(start, end - start)) for start, end in pairwise(cuts.tolist())] or [html]
    )


def _plain_texts(html: pa.StringArray) -> pa.StringArray:
    lines = _Lines(html)
    texts = lines.texts()
    places = np.flatnonzero(lines.odd)
    if not len(places):
        return texts
    odd = [plain(text) for text in html.take(pa.array(places)).to_pylist()]
    return pc.replace_with_mask(texts, pa.array(lines.odd), pa.array(odd, pa.string()))


class _Lines:
    """Cleaned HTML cut at its tags and line feeds, without copying it.

    In what nh3 writes every ``<`` begins a tag and every ``>`` ends one, also in attributes. Texts in which something
    is odd (a tag, an entity or white space that isn't looked after here) are marked, for others to read.
    """

    # Between rows there is nothing; of an entity its character stays in the text.
    _KINDS: ClassVar = {"": True, "\n": True, "amp;": False}

    def __init__(self, html: pa.StringArray) -> None:
        self._rows = len(html)
        self._buffer = html.buffers()[2]
        self._data, self._offsets = bytes_of(html)
        self._base = offsets_of(html)[0]
        self.odd: Mask = np.zeros(self._rows, np.bool_)

    def _mark(self, places: Index) -> None:
        self.odd[np.searchsorted(self._offsets, places, "right") - 1] = True

    def _tags(self) -> tuple[Index, Index]:
        """Where tags begin and end; none where they don't alternate, or a text ends within one."""
        data = self._data
        both = np.flatnonzero((data == ord("<")) | (data == ord(">")))
        opened, closed = both[::2], both[1::2]
        paired = len(opened) == len(closed) and not (np.searchsorted(both, self._offsets) % 2).any()
        if paired and (data[opened] == ord("<")).all() and (data[closed] == ord(">")).all():
            return opened, closed
        self.odd[:] = True
        return both[:0], both[:0]

    def _ampersands(self) -> Index:
        """Where an ampersand is written as nh3 does; other entities are odd."""
        places = np.flatnonzero(self._data == ord("&"))
        padded = np.append(self._data, np.zeros(len(_AMPERSAND), np.uint8))
        ends = self._offsets[np.searchsorted(self._offsets, places, "right")]
        known = (padded[places[:, None] + np.arange(1, 1 + len(_AMPERSAND))] == _AMPERSAND).all(axis=1)
        known &= places + len(_AMPERSAND) < ends
        self._mark(places[~known])
        ampersands: Index = places[known]
        return ampersands

    def _cut(self) -> tuple[Index, Index, Index]:
        """Where each text between cuts begins and ends, and its row."""
        data, offsets = self._data, self._offsets
        low = np.flatnonzero(data < ord(" "))
        for places in _odd_space(data, low):
            self._mark(places)
        opened, closed = self._tags()
        feeds, ampersands = (
            places[np.searchsorted(opened, places) == np.searchsorted(closed, places)]
            for places in (low[data[low] == ord("\n")], self._ampersands())
        )
        cuts = sum(np.diff(np.searchsorted(places, offsets)) for places in (opened, feeds, ampersands))
        starts = np.concatenate((offsets[:-1], closed + 1, feeds + 1, ampersands + 1 + len(_AMPERSAND)))
        ends = np.concatenate((opened, feeds, ampersands + 1, offsets[1:]))
        rows = np.repeat(np.arange(self._rows), cuts + 1)
        return np.sort(starts, kind="stable"), np.sort(ends, kind="stable"), rows

    def _breaks(self, between: pa.StringArray, rows: Index) -> Mask:
        """Which texts a line ends after: those followed by a break, and the last of each row."""
        tags = between.dictionary_encode()
        codes = tags.indices.to_numpy()
        kinds = [self._KINDS.get(tag, cleaned_tag_breaks(tag)) for tag in tags.dictionary.to_pylist()]
        self.odd[rows[np.array([kind is None for kind in kinds], np.bool_)[codes]]] = True
        breaks: Mask = np.array([kind is True for kind in kinds], np.bool_)[codes]
        return breaks

    def _lines(self) -> tuple[pa.StringArray, Index]:
        """Lines that have any text, and their rows."""
        starts, ends, rows = self._cut()
        edges = np.empty(2 * len(starts) + 1, np.int32)
        edges[:-1:2], edges[1::2], edges[-1] = starts, ends, self._offsets[-1]
        edges += self._base
        pieces = pa.Array.from_buffers(pa.string(), len(edges) - 1, [None, pa.py_buffer(edges), self._buffer])
        breaks: npt.NDArray[Any] = self._breaks(pieces.take(pa.array(np.arange(1, len(pieces), 2))), rows)
        filled = np.flatnonzero(ends > starts)
        texts = pieces.take(pa.array(filled * 2))
        line_of_text: npt.NDArray[Any] = np.cumsum(breaks)[filled] - breaks[filled]
        begins = np.flatnonzero(np.diff(line_of_text, prepend=-1))
        if len(begins) < len(texts):
            offsets = np.append(begins, len(texts)).astype(np.int32)
            texts = pc.binary_join(pa.ListArray.from_arrays(offsets, texts), "")
        return texts, rows[filled[begins]]

    def texts(self) -> pa.StringArray:
        """Plain text of all rows that aren't odd."""
        lines, rows = self._lines()
        lines = _single_spaced(lines)
        filled = np.diff(offsets_of(lines)) > 0
        if not filled.all():
            lines, rows = lines.filter(pa.array(filled)), rows[filled]
        return pc.binary_join(lists_of(lines, rows, self._rows), "\n")


def _single_spaced(lines: pa.StringArray) -> pa.StringArray:
    """Lines, none of them empty, without space around them, with single spaces inside."""
    data, offsets = bytes_of(lines)
    if not len(lines):
        return lines
    if (data[offsets[:-1]] == ord(" ")).any() or (data[offsets[1:] - 1] == ord(" ")).any():
        lines = pc.ascii_trim_whitespace(lines)
        data, offsets = bytes_of(lines)
    spaces = data == ord(" ")
    runs = np.flatnonzero(spaces[:-1] & spaces[1:])
    if not len(runs):
        return lines
    spaced = any_of(np.searchsorted(offsets, runs, "right") - 1, len(lines))
    single = [" ".join(line.split()) for line in lines.filter(pa.array(spaced)).to_pylist()]
    return pc.replace_with_mask(lines, pa.array(spaced), pa.array(single, pa.string()))
