"""EDItEUR's own schemas over one record at a time: whatever the message's size, memory holds one record (FEATURES P3).

The schemas are those of the package ``onixcheck``, unmodified, read as files: its code is never imported. A record is
put into a message of its own, with a small valid header, in the schema's namespace: senders use others, or none, and
that says nothing about the record (AUDIOBOOKS 1.1). The one thing a whole message could tell, a RecordReference sent
twice, is looked for separately. What the schemas don't see is in AUDIOBOOKS 1.13.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final, NamedTuple
from xml.sax.saxutils import quoteattr

from lxml import etree

from bindery.errors import ConfigurationError
from bindery.findings import Finding, Severity
from bindery.onix.names import short_tags
from bindery.onix.parsing import UnreadableError, decode, safe_parser
from bindery.onix.prolog import Root
from bindery.reading import ParsedRecord
from bindery.trade.entities import replace_named_entities

PACKAGE: Final = "onixcheck"
MOST_ERRORS: Final = 20
"""Errors of one record that are told one by one; the rest are counted."""

_FILES = {
    "2.1": "xsd2.1/ONIX_BookProduct_Release2.1_{style}.xsd",
    "3.0": "xsd3.0/ONIX_BookProduct_3.0_{style}.xsd",
    "3.1": "xsd3.1/ONIX_BookProduct_3.1_{style}.xsd",
}
_HEADERS = {
    ("2.1", False): "<Header><FromCompany>-</FromCompany><SentDate>20260101</SentDate></Header>",
    ("2.1", True): "<header><m174>-</m174><m182>20260101</m182></header>",
    ("3", False): "<Header><Sender><SenderName>-</SenderName></Sender><SentDateTime>20260101</SentDateTime></Header>",
    ("3", True): "<header><sender><x298>-</x298></sender><x307>20260101</x307></header>",
}
_BODIES = {
    ("2.1", False): (
        "<Product><RecordReference>-</RecordReference><NotificationType>05</NotificationType><ISBN>-</ISBN>"
        "<ProductForm>00</ProductForm><Title><TitleType>00</TitleType><TitleText>-</TitleText></Title><NoContributor/>"
        "<NoEdition/><Imprint><ImprintName>-</ImprintName></Imprint></Product>"
    ),
    ("2.1", True): (
        "<product><a001>-</a001><a002>05</a002><b004>-</b004><b012>00</b012><title><b202>00</b202><b203>-</b203></title>"
        "<n339/><n386/><imprint><b079>-</b079></imprint></product>"
    ),
    ("3", False): "<NoProduct/>",
    ("3", True): "<x507/>",
}
"""What is put around a record, and around a header."""

_LONGEST_TEXT = 300


_MESSAGE = re.compile(r"Element '(?:\{[^}]*\})?([^']+)'(?:, attribute '(?:\{[^}]*\})?([^']+)')?: (.*)", re.DOTALL)
_NOT_LISTED = re.compile(r"\[facet 'enumeration'\] The value '(.*)' is not an element of the set", re.DOTALL)
_NO_VALUE = re.compile("is not a valid value of the (?:atomic|list|union) type")
_XS = "{http://www.w3.org/2001/XMLSchema}"


class SchemaError(NamedTuple):
    """One thing the schema says. ``line`` counts from the first line of what was validated, from 0."""

    path: str
    line: int
    text: str


def schema_file(release: str, *, short: bool) -> Path:
    """Where EDItEUR's schema of a release lies.

    Args:
        release: ``2.1``, ``3.0`` or ``3.1``.
        short: Whether it is the one for short tags.

    Raises:
        ConfigurationError: The package that carries it is not installed.
    """
    name = f"{PACKAGE}/schema/{_FILES[release].format(style='short' if short else 'reference')}"
    try:
        path = Path(str(distribution(PACKAGE).locate_file(name)))
    except PackageNotFoundError:
        path = Path(name)
    if not path.is_file():
        what = f"The ONIX schema {path.name} is not there, so nothing can be validated."
        raise ConfigurationError(what, fix=f"Install the package {PACKAGE} of requirements.txt, or don't validate.")
    return path


class Validator:
    """The schema of one release and tag style.

    Attributes:
        name: What it is called in findings: release, style, revision and code list issue.
    """

    def __init__(self, release: str, *, short: bool = False) -> None:
        """Loads the schema, which takes about a tenth of a second.

        Raises:
            ConfigurationError: The schema is not installed.
        """
        path = schema_file(release, short=short)
        document = etree.fromstring(path.read_bytes(), base_url=path.as_uri())
        codes = etree.parse(path.parent / "ONIX_BookProduct_CodeLists.xsd")
        issue = re.search(rb"ISSUE:\s*(\d+)", etree.tostring(codes))
        revision = document.get("version")
        revised = f", revision {revision}" if revision else ""
        self.release, self.short, self.issue = release, short, int(issue[1]) if issue else 0
        self.name = f"ONIX {release} schema{revised}, code lists issue {self.issue}"
        self._namespace = document.get("targetNamespace", "")
        self._schema = etree.XMLSchema(document)
        self._lists = _lists(document)
        self._key = ("2.1" if release == "2.1" else "3", short)

    def errors(self, record: bytes, *, root: Root | None = None, encoding: str = "utf-8") -> list[SchemaError]:
        """What the schema says of one record; nothing where it is valid, or can't be read at all.

        Args:
            record: Its bytes as sent, its own start and end tag included.
            root: The message's root, whose namespace declarations it inherits.
            encoding: The message's encoding.
        """
        return self._errors(_HEADERS[self._key], record, "", root, encoding)

    def header_errors(self, header: bytes, *, root: Root | None = None, encoding: str = "utf-8") -> list[SchemaError]:
        """The same, of a message's header."""
        return self._errors("", header, _BODIES[self._key], root, encoding)

    def _errors(self, before: str, data: bytes, after: str, root: Root | None, encoding: str) -> list[SchemaError]:
        name = "ONIXmessage" if self.short else "ONIXMessage"
        try:
            text, _ = replace_named_entities(decode(data, encoding).text.encode(), "utf-8")
        except UnreadableError:
            return []
        start = f'<{name} release="{self.release}"{_declarations(root, self._namespace)}>{before}'
        try:
            tree = etree.fromstring(start.encode() + text + f"{after}</{name}>".encode(), safe_parser())
        except etree.XMLSyntaxError:
            return []
        for element in tree.iter("*"):
            space, _, local = str(element.tag).rpartition("}")
            if space != f"{{{self._namespace}" and _means_onix(space):
                element.tag = f"{{{self._namespace}}}{local}"
        return [] if self._schema.validate(tree) else list(self._told(tree))

    def _told(self, tree: etree._Element) -> Iterator[SchemaError]:
        unlisted_at: set[str | None] = set()
        for entry in self._schema.error_log:  # type: ignore[attr-defined]  # the stubs don't know it can be iterated
            if entry.path in unlisted_at and _NO_VALUE.search(entry.message):
                continue  # the second thing said of one code: that its list isn't a list of codes any more
            matched = _MESSAGE.fullmatch(entry.message)
            element, attribute, said = matched.groups() if matched else ("", None, entry.message)
            place = f"{element}/@{attribute}" if attribute else element
            unlisted = _NOT_LISTED.match(said)
            if unlisted:
                unlisted_at.add(entry.path)
                number = self._lists.get(place.rpartition("/")[2])
                where = f"in List {number} of issue {self.issue}" if number else "one of those allowed"
                said = f"{_cut(unlisted[1])!r} is not {where}."
            name = "/@".join(filter(None, (short_tags().get(element, element), attribute)))
            text = f"{name}: {_cut(re.sub(r'{[^}]*}', '', said))}" if name else _cut(said)
            yield SchemaError(_path(tree, entry.path), max(0, entry.line - 1), text)


@cache
def validator(release: str, *, short: bool) -> Validator:
    """The validator of a release and style, loaded once."""
    return Validator(release, short=short)


def _lists(schema: etree._Element) -> dict[str, str]:
    """The number of the code list of every element, and of every attribute (with an @), that has one."""
    named = schema.iterfind(f"{_XS}simpleType")
    listed = {kind.get("name"): one.get("itemType") for kind in named for one in kind.iter(f"{_XS}list")}
    found: dict[str, str] = {}
    for declared in schema.iter(f"{_XS}element", f"{_XS}attribute"):
        name, kind = declared.get("name"), declared.get("type")
        bases = [one.get("base") for one in declared.iter(f"{_XS}extension", f"{_XS}restriction")]
        mark = "@" if declared.tag == f"{_XS}attribute" else ""
        for base in filter(None, [kind, *bases]):
            number = re.fullmatch(r"List(\d+)", listed.get(base) or base)
            if name and number:
                found[mark + name] = number[1]
    return found


def _declarations(root: Root | None, namespace: str) -> str:
    """The root's namespace declarations, its own and those that mean ONIX being the schema's namespace."""
    spaces = {"xmlns": namespace}
    for name, value in (root.attributes if root else {}).items():
        if name.startswith("xmlns:"):
            own = root is not None and name == f"xmlns:{root.prefix[:-1]}"
            usable = value if value and not re.search(r"\s", value) else f"urn:unusable:{name[6:]}"
            spaces[name] = namespace if own or _means_onix(usable) else usable
    return "".join(f" {name}={quoteattr(value)}" for name, value in spaces.items())


def _means_onix(space: str) -> bool:
    """Whether a namespace, if any, is one that senders use for ONIX."""
    return not space or "onix" in space.lower() or "editeur" in space.lower()


def _path(tree: etree._Element, xpath: str | None) -> str:
    """An element's path in reference names, from the record or the header on."""
    # A path that libxml2 makes names the prefixes that are in use, which an expression of ours doesn't know.
    known = re.sub(r"(?<=/)(?:[^/\[*:]+:)?([^/\[*:]+)", r"*[local-name()='\1']", xpath or "")
    found = tree.xpath(known) if known else []
    first = found[0] if isinstance(found, list) and found else None
    if not isinstance(first, etree._Element) or first is tree:
        return "ONIXMessage"
    way = [*reversed(list(first.iterancestors())), first][1:]
    names = [str(element.tag).rpartition("}")[2] for element in way]
    return "/".join(short_tags().get(name, name) for name in names)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"


class MessageValidation:
    """Validates a message part by part, and says what is wrong as findings.

    Of the records it keeps eight bytes each, to find a RecordReference that is sent twice.
    """

    def __init__(self, root: Root, encoding: str, severity: Severity = Severity.WARN) -> None:
        """Nothing is loaded yet.

        Args:
            root: The message's root.
            encoding: The encoding its bytes are in.
            severity: What an invalid record's findings weigh.
        """
        self._root, self._encoding, self._severity = root, encoding, severity
        self._references: set[int] = set()

    def header(self, data: bytes, release: str | None, *, line: int, byte_start: int) -> list[Finding]:
        """Findings about a header. It is judged by release 3.0 where none is stated and it isn't one of 2.1."""
        tag = _TAG.match(data)
        old = b"FromCompany" in data or b"m174" in data
        schema = validator(_release(release, old=old), short=bool(tag and tag[1].islower()))
        errors = schema.header_errors(data, root=self._root, encoding=self._encoding)
        # A header blocks no record, whatever its records' findings weigh.
        return [
            Finding(
                rule="R4",
                severity=Severity.WARN,
                position=None,
                record_reference=None,
                path=error.path,
                line=line + error.line,
                byte_start=byte_start,
                text=f"{error.text} ({schema.name})",
                fix=_FIX,
            )
            for error in errors[:MOST_ERRORS]
        ]

    def record(self, data: bytes, parsed: ParsedRecord, release: str | None) -> list[Finding]:
        """Findings about a record that could be read; none about one that couldn't.

        Args:
            data: Its bytes as sent.
            parsed: What was read of it.
            release: The message's release, where it says so.
        """
        if parsed.record is None:
            return []
        tag = _TAG.match(data)
        schema = validator(_release(release, old=not _BLOCKS.search(data)), short=bool(tag and tag[1].islower()))
        errors = schema.errors(data, root=self._root, encoding=self._encoding)
        texts = [SchemaError(one.path, one.line, f"{one.text} ({schema.name})") for one in errors[:MOST_ERRORS]]
        if len(errors) > MOST_ERRORS:
            left = f"The schema says {len(errors) - MOST_ERRORS} things more of this record ({schema.name})."
            texts.append(SchemaError("Product", 0, left))
        found = [self._finding(parsed, error, _FIX, self._severity) for error in texts]
        if self._is_known(parsed.record_reference):
            text = f"An earlier record of this message has the RecordReference {parsed.record_reference}, too."
            twice = SchemaError("Product/RecordReference", 0, text)
            found.append(self._finding(parsed, twice, "Sender: send each record once in a message.", Severity.WARN))
        return found

    def _is_known(self, reference: str | None) -> bool:
        if reference is None:
            return False
        key = int.from_bytes(blake2b(reference.encode(), digest_size=8).digest())
        known = key in self._references
        self._references.add(key)
        return known

    def _finding(self, parsed: ParsedRecord, error: SchemaError, fix: str, severity: Severity) -> Finding:
        return Finding(
            rule="R4",
            severity=severity,
            position=parsed.position,
            record_reference=parsed.record_reference,
            path=error.path,
            line=parsed.source["line"] + error.line,
            byte_start=parsed.source["byte_start"],
            text=error.text,
            fix=fix,
        )


_FIX = "Sender: validate with EDItEUR's schema before sending, and correct the element named."
_TAG = re.compile(rb"\s*<(?:[^\s<>/:]{1,60}:)?(\w)")
_BLOCKS = re.compile(
    rb"<(?:[^\s<>/:]{1,60}:)?(?i:descriptivedetail|collateraldetail|contentdetail|publishingdetail|relatedmaterial"
    rb"|productiondetail|productsupply|promotiondetail)\b"
)


def _release(stated: str | None, *, old: bool) -> str:
    """The release to validate by: as stated, else as its elements show. 2.0 is judged as 2.1, its last revision."""
    if stated is None:
        return "2.1" if old else "3.0"
    return "2.1" if stated.startswith("2") else stated
