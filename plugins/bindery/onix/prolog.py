"""The beginning of a message: its encoding, its root, and whether it is one we read at all.

Nothing here opens a file or a connection: a DOCTYPE may name a DTD, and it is never fetched.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from bindery.errors import ConfigurationError, RefusedError

PROLOG_LIMIT = 1 << 20
"""Bytes within which the root element has to begin."""

TAG_LIMIT = 1 << 16
"""Bytes the root's start tag may have. Every record inherits its namespaces, so what it holds is held once a record."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WITHOUT_BOM = (
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
)
"""First bytes of XML in encodings of two and four bytes (XML 1.0, appendix F)."""

_DECLARATION = re.compile(rb"\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_TAG = re.compile(rb"<(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
_SPLITTABLE = re.compile(r"^(utf-8|ascii|iso8859-\d+|cp125\d|koi8-[ru])$")
"""Encodings in which a byte below 128 is always that ASCII character, so that tags can be found in the bytes."""

_REFUSED_ENCODINGS = frozenset(
    {"utf-7", "unicode-escape", "raw-unicode-escape", "punycode", "idna", "undefined", "charmap", "mbcs", "oem"}
)
"""Codecs of Python that are no encodings of XML, or that hide tags."""


@dataclass(frozen=True)
class Encoding:
    """How a message's bytes are text.

    Attributes:
        name: Python's name of the codec.
        declared: Whether a BOM or the XML declaration says so; else UTF-8 is assumed (AUDIOBOOKS 1.1).
        bom: Length of the byte order mark.
        splittable: Whether tags can be found in the bytes as they are; else it is transcoded first.
        forced: Whether a person says so; then nothing else is tried where bytes don't fit.
    """

    name: str
    declared: bool
    bom: int
    splittable: bool
    forced: bool = False


@dataclass(frozen=True)
class Root:
    """The root element's start tag.

    Attributes:
        prefix: Namespace prefix with its colon, or empty.
        name: Local name as sent.
        start: Byte offset of its ``<``.
        end: Byte offset after its ``>``.
        empty: Whether it closes itself.
        doctype: System identifier of the DOCTYPE, if there is one.
    """

    prefix: str
    name: str
    attributes: dict[str, str]
    start: int
    end: int
    empty: bool
    doctype: str | None

    @property
    def namespace(self) -> str | None:
        """The namespace the root is in, as sent."""
        return self.attributes.get(f"xmlns:{self.prefix[:-1]}" if self.prefix else "xmlns") or None

    @property
    def release(self) -> str | None:
        """2.1, 3.0 or 3.1: the attribute, else the namespace, else the DOCTYPE; None where nothing says."""
        places = (self.attributes.get("release"), self.namespace, self.doctype)
        for place in places:
            found = re.search(r"(?<![\d.])(2\.[01]|3\.[01])(?!\d)", place or "")
            if found:
                return found.group(1)
        return None


def detect_encoding(head: bytes, name: str) -> Encoding:
    """The encoding of a message: byte order mark, else declaration, else UTF-8.

    Args:
        head: The first bytes of the message, 1,000 or more.
        name: The file's name, for the error.

    Raises:
        RefusedError: The declared encoding doesn't exist or hides its tags (rule F4).
    """
    for bom, codec in _BOMS:
        if head.startswith(bom):
            return Encoding(codec, declared=True, bom=len(bom), splittable=codec == "utf-8")
    for first, codec in _WITHOUT_BOM:
        if head.startswith(first):
            return Encoding(codec, declared=True, bom=0, splittable=False)
    declared = _DECLARATION.match(head)
    if declared is None:
        return Encoding("utf-8", declared=False, bom=0, splittable=True)
    label = declared.group(1).decode("ascii")
    stated = _codec(label)
    if stated is None:
        what = f"{name} declares the encoding {label}, which can't be read."
        raise RefusedError(what, fix="Ask the sender for the file in UTF-8.", rule="F4")
    if stated.startswith(("utf-16", "utf-32")):
        # The declaration was legible byte by byte, so it isn't what it says; senders convert files and forget it.
        return Encoding("utf-8", declared=False, bom=0, splittable=True)
    return Encoding(stated, declared=True, bom=0, splittable=bool(_SPLITTABLE.match(stated)))


def forced_encoding(label: str, head: bytes) -> Encoding:
    """The encoding a person names, whatever the message declares.

    Args:
        label: Its name.
        head: The first bytes of the message.

    Raises:
        ConfigurationError: There is no such encoding, or it hides its tags.
    """
    codec = _codec(label)
    if codec is None:
        raise ConfigurationError(f"There is no encoding {label!r}.", fix="Name one such as utf-8 or iso-8859-1.")
    bom = next((len(bom) for bom, name in _BOMS if name == codec and head.startswith(bom)), 0)
    return Encoding(codec, declared=True, bom=bom, splittable=bool(_SPLITTABLE.match(codec)), forced=True)


def _codec(label: str) -> str | None:
    """Python's name of an encoding of text; None where there is none, or it hides its tags."""
    try:
        info = codecs.lookup(label)
    except LookupError:
        return None
    return None if not info._is_text_encoding or info.name.replace("_", "-") in _REFUSED_ENCODINGS else info.name


class _RootSeen(Exception):  # noqa: N818 - leaves the parser once it has what we came for; it is no error
    pass


def read_prolog(head: bytes, encoding: Encoding, name: str) -> Root:
    """The root's start tag, from bytes in which tags can be found.

    Args:
        head: The message from its first byte on; up to ``PROLOG_LIMIT`` bytes.
        encoding: What ``detect_encoding`` said.
        name: The file's name, for errors.

    Raises:
        RefusedError: Entity declarations in the DOCTYPE (F3), or no root within the limit (F1).
    """
    seen: dict[str, Any] = {"doctype": None}
    error = _parse_prolog(head[encoding.bom :], encoding.name, seen, name)
    if "tag" not in seen and encoding.name == "utf-8" and not encoding.forced and error is not None:
        # A comment before the root may hold bytes that aren't UTF-8; records are judged on their own later.
        error = _parse_prolog(head[encoding.bom :], "iso-8859-1", seen, name)
    if "tag" not in seen:
        raise _without_root(head[encoding.bom :], seen, error, name)
    start = seen["start"] + encoding.bom
    tag = _TAG.match(head, start, start + TAG_LIMIT)
    if tag is None and len(head) > start + TAG_LIMIT:
        raise _long_root(name)
    if tag is None:
        raise RefusedError(f"{name} breaks off in its first tag.", fix="Ask the sender to upload it again.", rule="F1")
    prefix, colon, local = seen["tag"].rpartition(":")
    return Root(
        prefix + colon, local, seen["attributes"], start, tag.end(), tag.group().endswith(b"/>"), seen["doctype"]
    )


def _without_root(head: bytes, seen: dict[str, Any], error: str | None, name: str) -> RefusedError:
    if error is None and re.match(rb"<[^!?]", head[seen["at"] :]):
        return _long_root(name)
    reason = f"it is not well-formed XML ({error})" if error else "no root element begins in its first megabyte"
    what = f"{name} can't be read as XML: {reason}."
    return RefusedError(what, fix="Ask the sender for the file again, whole and as XML.", rule="F1")


def _long_root(name: str) -> RefusedError:
    what = f"{name} has a first tag of more than {TAG_LIMIT:,} bytes."
    return RefusedError(what, fix="Ask the sender what its attributes are for; ONIX has three.", rule="F2")


def _parse_prolog(head: bytes, encoding: str, seen: dict[str, Any], name: str) -> str | None:
    """Runs expat to the root's start tag. Returns its complaint, if any."""
    parser = expat.ParserCreate(encoding)

    def refuse(what: str) -> None:
        fix = "Ask the sender for the file without entity declarations; named characters need none."
        raise RefusedError(f"{name} {what}.", fix=fix, rule="F3")

    def start(tag: str, attributes: dict[str, str]) -> None:
        seen.update(tag=tag, attributes=dict(attributes), start=parser.CurrentByteIndex)
        raise _RootSeen

    def doctype(_root: str, system: str | None, _public: str | None, _internal: int) -> None:
        seen["doctype"] = system

    def entity(entity_name: str, parameter: int, _value: object, _base: object, system: str | None, *_: object) -> None:
        kind = ("external " if system else "") + ("parameter entity" if parameter else "entity")
        refuse(f"declares the {kind} {entity_name} in its DOCTYPE")

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = entity
    run: Callable[[bytes, bool], int] = parser.Parse
    try:
        run(head, False)  # noqa: FBT003 - expat takes no keywords
    except _RootSeen:
        return None
    except expat.ExpatError as error:
        return str(error)
    seen["at"] = parser.CurrentByteIndex
    return None
