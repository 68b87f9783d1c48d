"""One record's bytes to an element: decoded strictly, entities from our own table, nothing fetched, nothing repaired.

A record that can't be read says why and where; it is never recovered in part (AUDIOBOOKS 5, rows 6 to 8 and 22).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from lxml import etree

from bindery.errors import RefusedError
from bindery.onix.prolog import Encoding, Root
from bindery.onix.tree import Node
from bindery.trade.encodings import iana_name
from bindery.trade.entities import replace_named_entities

XINCLUDE = "http://www.w3.org/2001/XInclude"
FALLBACK = "cp1252"
"""What most files turn out to be in that aren't what they declare (AUDIOBOOKS 5, row 6)."""

_LATIN_1 = "iso8859-1"
_C1 = re.compile(rb"[\x80-\x9f]")
_UTF8_PAIR = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


class UnreadableError(Exception):
    """A record can't be read. Caught where records are counted; never leaves the room.

    Attributes:
        rule: The rule that says so.
        offset: Bytes from the record's start, where known.
        line: Lines from the record's first, 0 or more.
    """

    def __init__(self, rule: str, text: str, fix: str, *, offset: int = 0, line: int = 0) -> None:
        super().__init__(text)
        self.rule, self.text, self.fix, self.offset, self.line = rule, text, fix, offset, line


@dataclass(frozen=True)
class Decoded:
    """A record's text, and what had to be assumed to read it (None where nothing had to be)."""

    text: str
    warning: str | None = None
    offset: int = 0


def decode(data: bytes, encoding: str, *, forced: bool = False) -> Decoded:
    """The text of a record: in the message's encoding, else in UTF-8, else in cp1252.

    Nothing is replaced. A record that holds both UTF-8 characters and bytes that aren't is damaged, not mislabelled,
    and isn't read: cp1252 would turn its good characters into mojibake.

    Args:
        data: The record's bytes.
        encoding: The message's encoding.
        forced: Whether a person named it; then it is this one or none.

    Raises:
        UnreadableError: No encoding fits, or the bytes are damaged.
    """
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if forced:
            raise _undecodable(data, encoding, error) from None
        return _decode_otherwise(data, encoding, error)
    if forced or encoding in {"utf-8", "ascii"} or data.isascii():
        return Decoded(text)
    first = next(i for i, byte in enumerate(data) if byte > 127)
    try:
        as_utf8 = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return Decoded(
            as_utf8, f"The bytes are UTF-8, though {iana_name(encoding)} is declared; they were read as UTF-8.", first
        )
    marks = _C1.search(data) if encoding == _LATIN_1 else None
    if marks is None:
        return Decoded(text)
    try:
        as_windows = data.decode(FALLBACK)
    except UnicodeDecodeError:
        return Decoded(text)
    return Decoded(
        as_windows, f"The bytes are {iana_name(FALLBACK)}, though {iana_name(encoding)} is declared.", marks.start()
    )


def _decode_otherwise(data: bytes, encoding: str, error: UnicodeDecodeError) -> Decoded:
    where = f"byte 0x{data[error.start]:02x}"
    for candidate in ("utf-8", FALLBACK):
        if candidate == encoding or (candidate == FALLBACK and _UTF8_PAIR.search(data)):
            continue
        try:
            text = data.decode(candidate)
        except UnicodeDecodeError:
            continue
        warning = f"A {where} is not {iana_name(encoding)}; the record was read as {iana_name(candidate)}."
        return Decoded(text, warning, error.start)
    raise _undecodable(data, encoding, error)


def _undecodable(data: bytes, encoding: str, error: UnicodeDecodeError) -> UnreadableError:
    named = iana_name(encoding)
    fix = f"Sender: send the record again in {named}, which the message is in."
    line = data.count(b"\n", 0, error.start)
    what = f"A byte 0x{data[error.start]:02x} is not {named}."
    return UnreadableError("F4", what, fix, offset=error.start, line=line)


def safe_parser() -> etree.XMLParser:
    """What strangers' bytes are parsed by: it resolves no entity, loads no DTD, and asks no network."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def parse(data: bytes, encoding: Encoding, root: Root) -> tuple[Node, Decoded]:
    """Parses one element of a message.

    Args:
        data: The element's bytes, its own start and end tag included.
        encoding: The message's encoding.
        root: The message's root, whose namespace declarations the element inherits.

    Returns:
        The element, and how it was decoded.

    Raises:
        UnreadableError: It isn't well formed.
        RefusedError: It asks for XInclude (rule F3); the whole message is refused.
    """
    decoded = decode(data, encoding.name, forced=encoding.forced)
    body, unknown = replace_named_entities(decoded.text.encode(), "utf-8")
    if unknown:
        names = ", ".join(f"&{name};" for name in unknown)
        fix = "Sender: write the character itself; XML knows only &amp; &lt; &gt; &quot; and &apos;."
        raise UnreadableError("F1", f"It uses {names}, which no ONIX DTD declares.", fix)
    wrapped = b"<w" + _namespaces(root) + b">" + body + b"</w>"
    try:
        wrapper = etree.fromstring(wrapped, safe_parser())
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error) from None
    if len(wrapper) != 1 or (wrapper.text or "").strip() or (wrapper[0].tail or "").strip():
        raise UnreadableError("F1", "It is not one well-formed element.", SEND_AGAIN)
    if any(isinstance(one.tag, str) and one.tag.startswith(f"{{{XINCLUDE}}}") for one in wrapper.iter()):
        what = "The message asks for other files by XInclude."
        raise RefusedError(what, fix="Ask the sender for one whole file, without XInclude.", rule="F3")
    return Node(wrapper[0]), decoded


SEND_AGAIN = "Sender: send this record again as well-formed XML; the other records are not affected."


def _not_well_formed(error: etree.XMLSyntaxError) -> UnreadableError:
    message = re.sub(r"(, line \d+, column \d+.*|\s*\(<string>.*)$", "", str(error.msg or error))
    return UnreadableError(
        "F1", f"It is not well-formed XML: {message}.", SEND_AGAIN, line=max(0, (error.lineno or 1) - 1)
    )


def _namespaces(root: Root) -> bytes:
    """The root's namespace declarations; one that can't be a namespace (it holds spaces) keeps its prefix only."""
    parts = []
    for name, value in root.attributes.items():
        if name == "xmlns" or name.startswith("xmlns:"):
            uri = value if value and not re.search(r"\s", value) else f"urn:unusable:{name.replace(':', '.')}"
            if name != "xmlns" or value:
                parts.append(f" {name}={quoteattr(uri)}")
    return "".join(parts).encode()
