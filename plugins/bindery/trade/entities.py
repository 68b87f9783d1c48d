"""Named entities of ONIX 2.1 and HTML, turned into what XML knows without a DTD (AUDIOBOOKS failure 8).

Every name of the ISO sets that the 2.1 DTD includes is also a name of HTML 5; where the two differ (rare mathematical
signs, some of them private code points in the DTD) HTML's character is the one meant today.
"""

from __future__ import annotations

import codecs
import re
from html.entities import html5

from bindery.errors import RefusedError

_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_PRINTABLE = bytes(range(0x20, 0x7F))
# Comments, CDATA and instructions are matched so that they are passed over; one that never ends runs to the end.
_TEXT = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)|&([A-Za-z][A-Za-z0-9]*);", re.DOTALL)
_BYTES = re.compile(_TEXT.pattern.encode(), re.DOTALL)
_NAME_BEYOND_XML = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]*;")


def _reference(name: str) -> str | None:
    characters = html5.get(f"{name};")
    return "".join(f"&#{ord(character)};" for character in characters) if characters else None


def _keeps_ascii(encoding: str) -> bool:
    """Whether ASCII bytes mean ASCII everywhere in the encoding, so that bytes can be searched as they are."""
    # Shifting encodings reuse ASCII bytes for other characters.
    if codecs.lookup(encoding).name.startswith(("iso2022", "hz", "utf-7")):
        return False
    try:
        return _PRINTABLE.decode(encoding) == _PRINTABLE.decode("ascii")
    except UnicodeDecodeError:
        return False


def replace_named_entities(data: bytes, encoding: str) -> tuple[bytes, list[str]]:
    """Turn ``&name;`` into numeric character references, outside comments, CDATA and processing instructions.

    The five of XML stay as they are.

    Args:
        data: XML in the encoding, whole or cut between elements.
        encoding: Its encoding, as Python names it.

    Returns:
        The XML in the same encoding; and unknown names, left untouched, each once, in order of appearance.

    Raises:
        RefusedError: There is no such encoding, or the data isn't in it (only looked at for encodings in which ASCII
            bytes may mean something else, such as UTF-16).
    """
    if b"&" not in data:
        return data, []
    unknown: dict[str, None] = {}

    def replacement(name: str) -> str | None:
        reference = None if name in _OF_XML else _reference(name)
        if reference is None and name not in _OF_XML:
            unknown[name] = None
        return reference

    def in_text(found: re.Match[str]) -> str:
        return (found[1] and replacement(found[1])) or found[0]

    def in_bytes(found: re.Match[bytes]) -> bytes:
        reference = found[1] and replacement(found[1].decode("ascii"))
        return reference.encode("ascii") if reference else found[0]

    try:
        if _keeps_ascii(encoding):
            if not _NAME_BEYOND_XML.search(data):
                return data, []
            return _BYTES.sub(in_bytes, data), list(unknown)
        return _TEXT.sub(in_text, data.decode(encoding)).encode(encoding), list(unknown)
    except LookupError:
        raise RefusedError(
            f"encoding {encoding!r} is unknown", fix="ask the sender for UTF-8, or name the encoding meant", rule="F4"
        ) from None
    except UnicodeDecodeError as error:
        raise RefusedError(
            f"the message is not in {encoding}, which it declares: {error}",
            fix="ask the sender to declare the encoding they write",
            rule="F4",
        ) from error
