"""Plain XML to a table of nodes, thousands of records at a time, in compiled code.

One row a node: which path it has, whose child it is, where its text lies in the bytes. A record that is not plain
(comments, prefixes, entities of a DTD, anything malformed or merely unusual) is only pointed out: ``parsing`` reads it
with lxml, refuses it or writes it plainly, and it comes back here. So this reader may be strict and small, and what it
accepts is a subset of well-formed XML 1.0.

Bytes are looked at eight at a time, in ``words``: the same bytes as unaligned 64-bit numbers, one at each offset.
"""

# mypy: disable-error-code="assignment"
# In compiled code an int and a numpy integer are the same; mypy tells them apart.
from __future__ import annotations

from typing import Any

import numpy as np

from bindery.onix.compiled import compiled

LEAF, ESCAPED, MARKUP = 1, 2, 4
"""Flags of a node: no elements are in it; its text holds references or carriage returns; elements lie in its text."""

UNTOLD, REFERENCE, SHORT, ATTRIBUTE = 0, 1, 2, 3
"""What a name tells of the style of a message; XHTML's and attributes' tell nothing."""

DEPTH = 300
"""Levels read; lxml itself stops at 256."""
MOST_ATTRIBUTES = 16

NAME_BITS = 21
"""A path is found by its parent's number and its name's in one key."""

_LT, _GT, _SLASH, _AND, _CR, _BRACKET, _EQUALS, _BANG, _SPACE = 60, 62, 47, 38, 13, 93, 61, 33, 32
_LENGTH_OF_XINCLUDE, _E = len("http://www.w3.org/2001/XInclude"), 101
_QUOT, _APOS, _SEMICOLON, _HASH, _X, _LEAD_OF_FFFE = 34, 39, 59, 35, 120, 0xEF


def _eight(byte: int) -> np.uint64:
    return np.uint64(byte * 0x0101010101010101)


_ONES, _HIGHS = _eight(0x01), _eight(0x80)
_LTS, _ANDS, _BRACKETS, _EFS, _SPACES = _eight(_LT), _eight(_AND), _eight(_BRACKET), _eight(0xEF), _eight(0x20)
_GTS, _SLASHES, _AFTER_SPACES = _eight(_GT), _eight(_SLASH), _eight(0x21)
_MIX_1, _MIX_2, _MIX_3 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9)
_TOP = np.uint64(40)
_EIGHT, _SIXTY_FOUR = np.uint64(8), np.uint64(64)
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


def _first_bytes() -> Any:
    """Which byte the lowest bit of a word is in, by De Bruijn's sequence."""
    table = np.zeros(64, np.int64)
    for bit in range(64):
        table[((1 << bit) * int(_DE_BRUIJN) & int(_ALL)) >> 58] = bit // 8
    return table


_FIRST = _first_bytes()


@compiled
def _first_of(marks: Any) -> Any:
    lowest = marks & (~marks + np.uint64(1))
    return _FIRST[(lowest * _DE_BRUIJN) >> np.uint64(58)]


@compiled
def _holds(word: Any, wanted: Any) -> Any:
    """Marks, in its high bit, the lowest byte of a word that is the wanted one, eight times in ``wanted``."""
    odd = word ^ wanted
    return (odd - _ONES) & ~odd


@compiled
def _text_stop(words: Any, at: Any) -> Any:
    """The next byte that may not simply be passed over in text: ``<``, ``&``, ``]``, a control, or 0xEF."""
    while True:
        word = words[at]
        marks = _holds(word, _LTS) | _holds(word, _ANDS) | _holds(word, _BRACKETS) | _holds(word, _EFS)
        marks |= (word - _SPACES) & ~word
        marks &= _HIGHS
        if marks:
            return at + _first_of(marks)
        at += 8


@compiled
def _name_stop(words: Any, at: Any) -> Any:
    """Where a name ends: at white space, ``/`` or ``>``."""
    while True:
        word = words[at]
        marks = _holds(word, _GTS) | _holds(word, _SLASHES) | ((word - _AFTER_SPACES) & ~word)
        marks &= _HIGHS
        if marks:
            return at + _first_of(marks)
        at += 8


@compiled
def _same(words: Any, at: Any, others: Any, there: Any, length: Any) -> Any:
    """Whether as many bytes are the same in both."""
    if length < 8:
        return (words[at] ^ others[there]) << (_SIXTY_FOUR - _EIGHT * np.uint64(length)) == 0
    last, middle = length - 8, (length >> 1) - 4
    # Straight-line, because a loop over so few words is mispredicted at nearly every tag.
    differ = (words[at] ^ others[there]) | (words[at + last] ^ others[there + last])
    differ |= words[at + middle] ^ others[there + middle]
    if length > 24:
        for k in range(8, last, 8):
            differ |= words[at + k] ^ others[there + k]
    return differ == 0


@compiled
def _key_of(words: Any, at: Any, length: Any) -> Any:
    """A number for a name: most names differ in it, and ``_same`` tells the rest."""
    if length < 8:
        return (words[at] << (_SIXTY_FOUR - _EIGHT * np.uint64(length))) * _MIX_1 + np.uint64(length) * _MIX_2
    middle = words[at + (length >> 1) - 4]
    return words[at] * _MIX_1 + words[at + length - 8] * _MIX_2 + (middle + np.uint64(length)) * _MIX_3


@compiled
def _is_name(buf: Any, start: Any, end: Any) -> Any:
    """Whether these are letters, digits and signs of an ASCII name without prefix. Other names are left to lxml."""
    if start == end:
        return False
    for i in range(start, end):
        byte = buf[i]
        letter = 97 <= (byte | 32) <= 122 or byte == 95
        if not (letter or (i > start and (48 <= byte <= 57 or byte == 45 or byte == 46))):
            return False
    return True


@compiled
def _find(keys: Any, numbers: Any, key: Any) -> Any:
    """The number under a key of an open-addressing table; -1 where there is none."""
    mask = keys.shape[0] - 1
    at = np.int64((key * _MIX_1) >> _TOP) & mask
    while numbers[at] >= 0:
        if keys[at] == key:
            return np.int64(numbers[at])
        at = (at + 1) & mask
    return np.int64(-1)


@compiled
def _put(keys: Any, numbers: Any, key: Any, number: Any) -> None:
    mask = keys.shape[0] - 1
    at = np.int64((key * _MIX_1) >> _TOP) & mask
    while numbers[at] >= 0:
        at = (at + 1) & mask
    keys[at], numbers[at] = key, number


@compiled
def _new_name(
    buf: Any,
    start: Any,
    end: Any,
    key: Any,
    keys: Any,
    numbers: Any,
    blob: Any,
    bounds: Any,
    counts: Any,
    style_of: Any,
) -> Any:
    """Numbers a name; -1 where it is no plain name, or names are too many."""
    number = np.int64(counts[0])
    first = bounds[number]
    too_many = number >= style_of.shape[0] or first + end - start + 8 > blob.shape[0]
    if too_many or not _is_name(buf, start, end):
        return np.int64(-1)
    # A name that is new begins with a capital only where it is meant for a reference name.
    style_of[number] = REFERENCE if buf[start] < 97 else UNTOLD
    for i in range(end - start):
        blob[first + i] = buf[start + i]
    bounds[number + 1] = first + end - start
    _put(keys, numbers, key, number)
    counts[0] = number + 1
    return number


@compiled
def _new_path(
    parent: Any, name: Any, key: Any, keys: Any, numbers: Any, parents: Any, last_names: Any, counts: Any, limit: Any
) -> Any:
    """Numbers a path; -1 where there are too many."""
    number = np.int64(counts[0])
    if number >= limit:
        return np.int64(-1)
    _put(keys, numbers, key, number)
    parents[number], last_names[number] = parent, name
    counts[0] = number + 1
    return number


@compiled
def _path_key(parent: Any, name: Any) -> Any:
    return np.uint64(np.int64(parent) << NAME_BITS | np.int64(name))


@compiled
def reference(buf: Any, at: Any) -> Any:
    """The character of a reference that begins at ``&``, and where it ends; -1 where XML alone doesn't know it."""
    second, third = buf[at + 1], buf[at + 2]
    if third == 116 and buf[at + 3] == _SEMICOLON:
        if second == 108:
            return _LT, at + 4
        if second == 103:
            return _GT, at + 4
    if second == 97 and third == 109 and buf[at + 3] == 112 and buf[at + 4] == _SEMICOLON:
        return _AND, at + 5
    if second == 113 and third == 117 and buf[at + 3] == 111 and buf[at + 4] == 116 and buf[at + 5] == _SEMICOLON:
        return _QUOT, at + 6
    if second == 97 and third == 112 and buf[at + 3] == 111 and buf[at + 4] == 115 and buf[at + 5] == _SEMICOLON:
        return _APOS, at + 6
    if second != _HASH:
        return -1, at
    base, i = 10, at + 2
    if buf[i] == _X:
        base, i = 16, i + 1
    value, first = 0, i
    while i - first < 8:
        byte = np.int64(buf[i])
        if 48 <= byte <= 57:
            digit = byte - 48
        elif base == 16 and 97 <= (byte | 32) <= 102:
            digit = (byte | 32) - 87
        else:
            break
        value, i = value * base + digit, i + 1
    if i == first or buf[i] != _SEMICOLON:
        return -1, at
    if value == 9 or value == 10 or value == 13 or 0x20 <= value < 0xD800 or 0xE000 <= value < 0xFFFE:
        return value, i + 1
    return (value if 0x10000 <= value <= 0x10FFFF else -1), i + 1


@compiled
def _is_space(byte: Any) -> Any:
    return byte == 32 or byte == 10 or byte == 9 or byte == 13


@compiled
def learn(buf: Any, words: Any, end: Any, names: Any, style_of: Any) -> Any:
    """Numbers a name that stands at the beginning of the bytes, before any message is read."""
    keys, numbers, blob, _, bounds, counts = names
    key = _key_of(words, 0, end)
    if _find(keys, numbers, key) >= 0:
        return -1
    return _new_name(buf, 0, end, key, keys, numbers, blob, bounds, counts, style_of)


@compiled
def _is_blank(buf: Any, start: Any, end: Any) -> Any:
    while start < end and _is_space(buf[start]):
        start += 1
    return start >= end


@compiled
def _text_end(buf: Any, words: Any, at: Any) -> Any:
    """The ``<`` a text ends at, and whether references or carriage returns are in it; -1 where it isn't plain."""
    escaped = False
    while True:
        at = _text_stop(words, at)
        byte = buf[at]
        if byte == _LT:
            return at, escaped
        if byte == _AND:
            character, at = reference(buf, at)
            if character < 0:
                return -1, False
            escaped = True
        elif byte == 10 or byte == 9:
            at += 1
        elif byte == _CR:
            escaped = True
            at += 1
        elif byte == _BRACKET:
            if buf[at + 1] == _BRACKET and buf[at + 2] == _GT:
                return -1, False
            at += 1
        elif byte == _LEAD_OF_FFFE:
            if buf[at + 1] == 0xBF and buf[at + 2] >= 0xBE:
                return -1, False
            at += 1
        else:
            return -1, False


@compiled
def _section_end(buf: Any, words: Any, at: Any) -> Any:
    """Where a CDATA section ends, and whether carriage returns are in it; -1 where it isn't plain."""
    escaped = False
    while True:
        at = _text_stop(words, at)
        byte = buf[at]
        if byte == _BRACKET and buf[at + 1] == _BRACKET and buf[at + 2] == _GT:
            return at, escaped
        if byte == _CR:
            # A reference in CDATA is none, and the two can't be told apart by one flag.
            return -1, False
        if byte == _LEAD_OF_FFFE and buf[at + 1] == 0xBF and buf[at + 2] >= 0xBE:
            return -1, False
        if byte < 32 and byte != 10 and byte != 9:
            return -1, False
        at += 1


@compiled
def _attribute_end(buf: Any, at: Any) -> Any:
    """From behind an attribute's name: where its value begins and ends, and whether it holds references."""
    while _is_space(buf[at]):
        at += 1
    if buf[at] != _EQUALS:
        return -1, -1, False
    at += 1
    while _is_space(buf[at]):
        at += 1
    quote = buf[at]
    if quote != _QUOT and quote != _APOS:
        return -1, -1, False
    at += 1
    start, escaped = at, False
    while buf[at] != quote:
        byte = buf[at]
        if byte == _AND:
            character, at = reference(buf, at)
            if character < 0:
                return -1, -1, False
            escaped = True
            continue
        if byte == _LT or byte < 32 or (byte == _LEAD_OF_FFFE and buf[at + 1] == 0xBF and buf[at + 2] >= 0xBE):
            return -1, -1, False
        at += 1
    return start, at, escaped


@compiled
def shred(
    buf: Any,
    words: Any,
    starts: Any,
    ends: Any,
    names: Any,
    same_as: Any,
    style_of: Any,
    paths: Any,
    in_markup: Any,
    nodes: Any,
    records: Any,
    scratch: Any,
) -> Any:
    """Reads records into nodes.

    Args:
        buf: The bytes, with eight more behind them that are zero.
        words: The same, as a 64-bit number at each offset.
        starts: Where records begin, rising.
        ends: Where they end.
        names: Numbers of names: keys, numbers, their bytes, these as words, where each begins, how many there are.
        same_as: A name's number by a spelling's number: reference names and short tags share one.
        style_of: A spelling's style.
        paths: Numbers of paths: keys, numbers, parents, last names, how many there are.
        in_markup: Names whose elements are text.
        nodes: To be filled: path, parent, start and end of text, flags.
        records: To be filled: each record's first node, whether it is odd, how many elements are in which style.
        scratch: Room for the nodes, names and lengths of open elements, and for the attributes of one.

    Returns:
        How many nodes there are.
    """
    keys, numbers, blob, blob_words, bounds, counts = names
    path_keys, path_numbers, path_parents, path_names, path_counts = paths
    path_of, parent_of, text_start, text_end, flags = nodes
    first_node, odd, styles = records
    open_node, open_name, open_length, held = scratch
    most_paths = np.int64(path_parents.shape[0])
    made = np.int64(0)
    for record in range(starts.shape[0]):
        first_node[record] = made
        odd[record] = True
        node, depth, silent = made, np.int64(0), np.int64(0)
        reference_tags, short_tags = np.int64(0), np.int64(0)
        at, end = starts[record], ends[record]
        while at < end:
            if buf[at] != _LT:
                begin = at
                while _is_space(buf[at]):
                    at += 1
                if buf[at] != _LT:
                    text_from = begin if silent else at
                    at, escaped = _text_end(buf, words, text_from)
                    if at < 0 or depth == 0:
                        break
                    holder = open_node[depth - 1]
                    if silent:
                        if text_end[holder]:
                            break
                        if escaped:
                            flags[holder] |= ESCAPED
                    else:
                        last = at
                        while _is_space(buf[last - 1]):
                            last -= 1
                        if flags[holder] & LEAF:
                            if text_end[holder]:
                                break
                            text_start[holder], text_end[holder] = text_from, last
                            if escaped:
                                flags[holder] |= ESCAPED
                    if at >= end:
                        break
            at += 1
            byte = buf[at]
            if byte == _SLASH:
                at += 1
                depth -= 1
                if depth < 0:
                    break
                length = open_length[depth]
                # Behind the last record lie eight bytes, no more; a name may be longer.
                if at + length >= end or not _same(words, at, words, open_name[depth], length):
                    break
                before = at - 2
                at += length
                while _is_space(buf[at]):
                    at += 1
                if buf[at] != _GT:
                    break
                at += 1
                if silent:
                    silent -= 1
                    if silent == 0 and text_end[open_node[depth]] == 0:
                        text_end[open_node[depth]] = before
                if depth == 0:
                    odd[record] = at != end
                    break
                continue
            if byte == _BANG:
                # CDATA[ and a holder without text or elements yet: the section is its text.
                if (
                    silent > 1
                    or depth == 0
                    or not (
                        buf[at + 1] == 91
                        and buf[at + 2] == 67
                        and buf[at + 3] == 68
                        and buf[at + 4] == 65
                        and buf[at + 5] == 84
                        and buf[at + 6] == 65
                        and buf[at + 7] == 91
                    )
                ):
                    break
                begin = at + 8
                at, escaped = _section_end(buf, words, begin)
                holder = open_node[depth - 1]
                if at < 0 or at >= end or text_end[holder] or not flags[holder] & LEAF or flags[holder] & MARKUP:
                    break
                if silent and not _is_blank(buf, text_start[holder], begin - 9):
                    break
                last = at
                while begin < last and _is_space(buf[begin]):
                    begin += 1
                while begin < last and _is_space(buf[last - 1]):
                    last -= 1
                text_start[holder], text_end[holder] = begin, max(last, begin + 1)
                if last <= begin:
                    break
                at += 3
                continue
            begin = at
            at = _name_stop(words, begin)
            if at >= end or depth >= DEPTH:
                break
            length, name = at - begin, np.int64(0)
            key = _key_of(words, begin, length)
            spelled = _find(keys, numbers, key)
            if spelled < 0:
                spelled = _new_name(buf, begin, at, key, keys, numbers, blob, bounds, counts, style_of)
                if spelled < 0:
                    break
            elif bounds[spelled + 1] - bounds[spelled] != length or not _same(
                words, begin, blob_words, np.int64(bounds[spelled]), length
            ):
                break
            if silent:
                holder = open_node[depth - 1]
                if text_end[holder]:
                    break
                flags[holder] |= MARKUP
            else:
                reference_tags += style_of[spelled] == REFERENCE
                short_tags += style_of[spelled] == SHORT
                up = open_node[depth - 1] if depth else np.int64(-1)
                above = np.int64(path_of[up]) if depth else np.int64(0)
                name = np.int64(same_as[spelled])
                path_key = _path_key(above, name)
                path = _find(path_keys, path_numbers, path_key)
                if path < 0:
                    path = _new_path(
                        above,
                        name,
                        path_key,
                        path_keys,
                        path_numbers,
                        path_parents,
                        path_names,
                        path_counts,
                        most_paths,
                    )
                    if path < 0:
                        break
                if depth:
                    flags[up] &= 255 - LEAF
                holder = node
                path_of[node], parent_of[node], flags[node] = path, up, LEAF
                text_start[node], text_end[node] = 0, 0
                node += 1
            if buf[at] != _GT:
                at, node = _attributes(
                    buf,
                    words,
                    at,
                    holder,
                    node,
                    silent,
                    held,
                    keys,
                    numbers,
                    blob,
                    blob_words,
                    bounds,
                    counts,
                    style_of,
                    path_keys,
                    path_numbers,
                    path_parents,
                    path_names,
                    path_counts,
                    most_paths,
                    path_of,
                    parent_of,
                    text_start,
                    text_end,
                    flags,
                )
                if at < 0:
                    break
            if buf[at] == _SLASH:
                if buf[at + 1] != _GT:
                    break
                at += 2
                if depth == 0:
                    odd[record] = at != end
                    break
                continue
            at += 1
            open_node[depth], open_name[depth], open_length[depth] = holder, begin, length
            depth += 1
            if silent:
                silent += 1
            elif in_markup[name]:
                silent = 1
                text_start[holder] = at
        if not odd[record]:
            made = node
            styles[REFERENCE] += reference_tags
            styles[SHORT] += short_tags
    first_node[starts.shape[0]] = made
    return made


@compiled
def _attributes(
    buf: Any,
    words: Any,
    at: Any,
    holder: Any,
    node: Any,
    silent: Any,
    held: Any,
    keys: Any,
    numbers: Any,
    blob: Any,
    blob_words: Any,
    bounds: Any,
    counts: Any,
    style_of: Any,
    path_keys: Any,
    path_numbers: Any,
    path_parents: Any,
    path_names: Any,
    path_counts: Any,
    most_paths: Any,
    path_of: Any,
    parent_of: Any,
    text_start: Any,
    text_end: Any,
    flags: Any,
) -> Any:
    """Reads the attributes of a tag into nodes, but for those in markup; up to its ``>`` or ``/``; -1 where odd."""
    count = 0
    while True:
        before = at
        while _is_space(buf[at]):
            at += 1
        if buf[at] == _GT or buf[at] == _SLASH:
            return at, node
        begin = at
        while 97 <= (buf[at] | 32) <= 122:
            at += 1
        # Names with a colon are namespaces; xmlns in markup has to be taken out of it. lxml does both.
        is_namespace = at - begin == 5 and buf[begin] == 120 and buf[begin + 1] == 109 and buf[begin + 2] == 108
        if before == begin or at == begin or count >= MOST_ATTRIBUTES or (is_namespace and silent):
            return -1, node
        # An attribute's number is not that of an element of the same name.
        key = _key_of(words, begin, at - begin) ^ _MIX_3
        number = _find(keys, numbers, key)
        if number < 0:
            number = _new_name(buf, begin, at, key, keys, numbers, blob, bounds, counts, style_of)
            if number < 0:
                return -1, node
            style_of[number] = ATTRIBUTE
        elif bounds[number + 1] - bounds[number] != at - begin or not _same(
            words, begin, blob_words, np.int64(bounds[number]), at - begin
        ):
            return -1, node
        for other in range(count):
            if held[other] == number:
                return -1, node
        held[count] = number
        count += 1
        start, at, escaped = _attribute_end(buf, at)
        if at < 0:
            return -1, node
        if is_namespace and at - start == _LENGTH_OF_XINCLUDE and buf[at - 1] == _E:
            # Perhaps XInclude's, which refuses the message; lxml tells.
            return -1, node
        if not silent:
            path_key = _path_key(path_of[holder], number)
            path = _find(path_keys, path_numbers, path_key)
            if path < 0:
                path = _new_path(
                    path_of[holder],
                    number,
                    path_key,
                    path_keys,
                    path_numbers,
                    path_parents,
                    path_names,
                    path_counts,
                    most_paths,
                )
                if path < 0:
                    return -1, node
            path_of[node], parent_of[node], flags[node] = path, holder, ESCAPED if escaped else 0
            text_start[node], text_end[node] = start, at
            node += 1
        at += 1
