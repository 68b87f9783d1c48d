"""An ONIX message, from a file of XML to tables of records, some thousands at a time."""

from __future__ import annotations

import codecs
import json
import mmap
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import IO

import xxhash

from bindery.errors import RefusedError
from bindery.findings import Severity, message_warning
from bindery.onix.batch import REFERENCE_TAG, RIGHT_ENCODING, BatchReader, Pending
from bindery.onix.names import Names
from bindery.onix.parsing import Decoded, UnreadableError, parse
from bindery.onix.parts import Defaults, whole_number
from bindery.onix.prolog import PROLOG_LIMIT, Encoding, detect_encoding, forced_encoding, read_prolog
from bindery.onix.shred import REFERENCE, SHORT
from bindery.onix.split import Buffer, Part, split
from bindery.onix.tree import Node
from bindery.onix.validation import MessageValidation
from bindery.reading import (
    Batch,
    Counts,
    IsKnown,
    MessageFacts,
    ParsedRecord,
    nothing_is_known,
    parsed_records,
)
from bindery.trade.dates import read_sent_at

RECORD_LIMIT = 5_000_000
"""Bytes a record may have (AUDIOBOOKS 5, row 20). Rich records have about 20,000."""

MESSAGE_ROOTS = {"ONIXMessage", "ONIXmessage"}
PRODUCT_ROOTS = {"Product", "product"}


class OnixMessage(AbstractContextManager["OnixMessage"]):
    """An open message. Use as a context manager; iterate ``batches()`` once.

    Attributes:
        facts: What the message says about itself; ``tags``, ``release`` and ``no_product`` are final only when all
            records were taken, because they may follow from the records.
        counts: Findings about the message as a whole, and paths of elements that have no place in the record model.
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str | None = None,
        encoding: str | None = None,
        record_limit: int = RECORD_LIMIT,
        validate: Severity | None = None,
    ) -> None:
        """Opens the message and reads its prolog.

        Args:
            path: The file, uncompressed.
            name: What to call it in errors; its own name by default.
            encoding: The encoding to read it in, whatever it declares; none other is tried then.
            record_limit: Bytes beyond which a record isn't parsed.
            validate: What the findings of EDItEUR's schemas weigh; None doesn't ask them.

        Raises:
            RefusedError: It isn't an ONIX product message, or it is hostile.
            ConfigurationError: There is no such encoding.
        """
        self.name = name or path.name
        self.record_limit = record_limit
        self._open = ExitStack()
        try:
            self._buffer, self._encoding, stated = self._map(path, encoding)
            self._root = read_prolog(self._buffer[:PROLOG_LIMIT], self._encoding, self.name)
            self._check_root()
        except BaseException:
            self._open.close()
            raise
        self.facts = MessageFacts(
            format="onix", release=self._root.release, encoding=stated, namespace=self._root.namespace
        )
        self.counts = Counts()
        self._validation = MessageValidation(self._root, self._encoding.name, validate) if validate else None
        self.defaults = Defaults()
        self._names = Names()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def _map(self, path: Path, forced: str | None) -> tuple[Buffer, Encoding, str]:
        """The message's bytes, how they are text, and the encoding it came in."""
        file: IO[bytes] = self._open.enter_context(path.open("rb"))
        if path.stat().st_size == 0:
            fix = "Ask the sender for the file again; an empty file says nothing, and nothing was changed."
            raise RefusedError(f"{self.name} is empty (0 bytes).", fix=fix, rule="F1")
        head = file.read(4096)
        encoding = forced_encoding(forced, head) if forced else detect_encoding(head, self.name)
        blank = len(head) - encoding.bom - len(head[encoding.bom :].lstrip())
        # White space before the XML declaration is a common slip of exports; it loses nothing to pass over it.
        encoding = replace(encoding, bom=encoding.bom + blank) if encoding.splittable else encoding
        stated = encoding.name
        if not encoding.splittable:
            file = self._transcoded(file, encoding)
            encoding = replace(encoding, name="utf-8", bom=0, splittable=True)
        return self._open.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)), encoding, stated

    def _transcoded(self, file: IO[bytes], encoding: Encoding) -> IO[bytes]:
        """A copy in UTF-8, of an encoding in which tags can't be found by byte; offsets are then those of the copy."""
        copy = self._open.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the exit stack closes it
        file.seek(encoding.bom)
        decoder = codecs.getincrementaldecoder(encoding.name)("strict")
        done = encoding.bom
        while True:
            chunk = file.read(1 << 20)
            try:
                text = decoder.decode(chunk, final=not chunk)
                copy.write(text.encode())
            except UnicodeError as error:
                at = done + getattr(error, "start", 0)
                what = f"{self.name} holds bytes that are not {encoding.name}, from about byte {at:,} on."
                raise RefusedError(what, fix="Ask the sender for the file in UTF-8.", rule="F4") from None
            if not chunk:
                break
            done += len(chunk)
        copy.flush()
        if copy.tell() == 0:
            raise RefusedError(f"{self.name} is empty.", fix="Ask the sender for the file again.", rule="F1")
        return copy

    def _check_root(self) -> None:
        name = self._root.name
        stated = self._root.attributes.get("release", "").strip()
        if name in MESSAGE_ROOTS | PRODUCT_ROOTS and stated[:1] in {"", "2", "3"}:
            return
        if name in MESSAGE_ROOTS | PRODUCT_ROOTS:
            what = f"{self.name} is of release {stated}, which is not known."
            raise RefusedError(what, fix="Ask the sender for ONIX 2.1, 3.0 or 3.1.", rule="F5")
        if "acknowledg" in name.lower():
            what = f"{self.name} is an ONIX acknowledgement ({name}), not a feed message."
            raise RefusedError(what, fix="Take it out of the feed's files; it answers a delivery of ours.", rule="F5")
        what = f"{self.name} is XML, but not an ONIX message: its root element is {name}."
        fix = "Ask the sender for an ONIX message: a file whose root is ONIXMessage."
        raise RefusedError(what, fix=fix, rule="F5")

    def batches(self, is_known: IsKnown = nothing_is_known) -> Iterator[Batch]:
        """The records, in message order. An unreadable one is among them, with its reason.

        Args:
            is_known: Which records need no reading, by the hashes of their bytes.

        Raises:
            RefusedError: The message breaks off, or is hostile.
        """
        position = 0
        pending = Pending()
        if self._validation or self._root.release is None:
            # A record sent twice is told by all of them, and an unstated release by the first full one.
            is_known = nothing_is_known
        reader: BatchReader | None = None
        for part in split(self._buffer, self._root, self.name):
            if part.kind == "record" or (part.kind == "other" and not self._is_extension(part)):
                if pending.add(part):
                    reader = reader or self._reader(is_known)
                    fullness = reader.look(pending)
                    self._let_go(pending.parts[-1].byte_end)
                    if fullness >= 1:
                        batch = self._validated(reader.read(pending, position))
                        self._let_go(pending.parts[-1].byte_end)
                        yield batch
                        del batch
                        position, pending = position + len(pending.parts), Pending()
            elif part.kind == "header":
                self._read_header(part)
            elif part.kind == "no_product":
                self.facts.no_product = True
        if pending.parts:
            reader = reader or self._reader(is_known)
            reader.look(pending)
            yield self._validated(reader.read(pending, position))
        self._finish(position + len(pending.parts))

    def records(self) -> Iterator[ParsedRecord]:
        """The same, one by one."""
        return (parsed for batch in self.batches() for parsed in parsed_records(batch))

    def _let_go(self, upto: int) -> None:
        """Gives back the memory that holds what was read; looked at again, it comes from the file."""
        if isinstance(self._buffer, mmap.mmap) and upto >= mmap.PAGESIZE:
            self._buffer.madvise(mmap.MADV_DONTNEED, 0, upto // mmap.PAGESIZE * mmap.PAGESIZE)

    def _validated(self, batch: Batch) -> Batch:
        if self._validation:
            for parsed in parsed_records(batch):
                data = self._buffer[parsed.source["byte_start"] : parsed.source["byte_end"]]
                batch.findings += self._validation.record(data, parsed, self.facts.release)
        return batch

    def _reader(self, is_known: IsKnown) -> BatchReader:
        """Made with the first records: by then the header is read."""
        encoding = self._encoding.name + " only" * self._encoding.forced
        root = {name: getattr(self._root, name) for name in ("prefix", "name", "attributes", "doctype")}
        inherited = {**asdict(self.defaults), "encoding": encoding, "root": root}
        return BatchReader(
            self._buffer,
            self._root,
            encoding=self._encoding,
            names=self._names,
            defaults=self.defaults,
            facts=self.facts,
            counts=self.counts,
            inherited=xxhash.xxh3_128(json.dumps(inherited, sort_keys=True).encode() + b"\0"),
            record_limit=self.record_limit,
            is_known=is_known,
        )

    def _read_header(self, part: Part) -> None:
        """The header decides order and defaults, so a message whose header can't be read isn't read (rule F7)."""
        if part.byte_end - part.byte_start > self.record_limit:
            what = f"{self.name} has a header of more than {self.record_limit:,} bytes."
            raise RefusedError(what, fix="Ask the sender for the file again, with a proper header.", rule="F2")
        try:
            node, decoded = parse(self._buffer[part.byte_start : part.byte_end], self._encoding, self._root)
        except UnreadableError as error:
            what = f"The header of {self.name} can't be read (line {part.line + error.line}): {error.text}"
            raise RefusedError(what, fix="Ask the sender to send the file again.", rule="F1") from None
        self._note_decoding(decoded, part)
        if self._validation:
            data = self._buffer[part.byte_start : part.byte_end]
            self.counts.findings += self._validation.header(
                data, self.facts.release, line=part.line, byte_start=part.byte_start
            )
        sender = node.first("Sender")
        self.facts.sender = _sender(sender) if sender else node.value("FromCompany", "FromSAN", "FromEANNumber")
        sent = node.value("SentDateTime", "SentDate")
        self.facts.sent_at = read_sent_at(sent) if sent else None
        if sent and self.facts.sent_at is None:
            self._warn("F7", f"The sent date {sent!r} can't be read.", "Sender: write it as 20260301T0930Z.", part)
        self.facts.message_number = node.value("MessageNumber")
        self.facts.message_repeat = whole_number(node.value("MessageRepeat"))
        self.defaults = Defaults(
            language=node.value("DefaultLanguageOfText"),
            price_type=node.value("DefaultPriceType", "DefaultPriceTypeCode"),
            currency=node.value("DefaultCurrencyCode"),
        )
        self.counts.unmapped.update(node.unmapped())
        for is_short, count in node.styles().items():
            self._names.styles[SHORT if is_short else REFERENCE] += count

    def _is_extension(self, part: Part) -> bool:
        """Whether what lies between records is whole elements that describe no product; then they are counted.

        Such are 2.1's series records and senders' extensions. Anything else is a record whose tags are damaged.
        """
        data = self._buffer[part.byte_start : min(part.byte_end, part.byte_start + self.record_limit)]
        if REFERENCE_TAG.search(data):
            return False
        try:
            node, _ = parse(b"<x>" + data + b"</x>", self._encoding, self._root)
        except UnreadableError:
            return False
        if (
            not node.children
            or (node.element.text or "").strip()
            or any((c.element.tail or "").strip() for c in node.children)
        ):
            return False
        for path, count in node.unmapped().items():
            self.counts.unmapped[path.partition("/")[2]] += count
        return True

    def _finish(self, received: int) -> None:
        short, reference = int(self._names.styles[SHORT]), int(self._names.styles[REFERENCE])
        if short and reference:
            self.facts.tags = "mixed"
            self._warn("F5", f"Reference tags ({reference:,}) and short tags ({short:,}) are mixed.", _ONE_STYLE)
        elif short or reference:
            self.facts.tags = "short" if short else "reference"
        if received == 0 and not self.facts.no_product:
            text = "The message holds no records, and no NoProduct either."
            self._warn("F16", text, "Sender: send NoProduct where nothing changed; else send the file again.")
        if self.facts.sent_at is None and not any(finding["rule"] == "F7" for finding in self.counts.findings):
            text = "The message doesn't say when it was sent; the feed day stands in for it."
            self._warn("F7", text, "Sender: state SentDateTime in the header (SentDate in 2.1).")

    def _note_decoding(self, decoded: Decoded, part: Part) -> None:
        if decoded.warning:
            self._warn("F4", decoded.warning, RIGHT_ENCODING, part)

    def _warn(self, rule: str, text: str, fix: str, part: Part | None = None) -> None:
        finding = message_warning(rule, text, fix)
        if part:
            finding |= {"path": "Header", "line": part.line, "byte_start": part.byte_start}
        self.counts.findings.append(finding)


_ONE_STYLE = "Sender: use one tag style in a file. It was read all the same."


def _sender(node: Node) -> str | None:
    """The sender's name, else its first identifier."""
    name = node.value("SenderName")
    return name or next((value for one in node.all("SenderIdentifier") if (value := one.value("IDValue"))), None)


def read_onix(
    path: Path,
    *,
    name: str | None = None,
    encoding: str | None = None,
    record_limit: int = RECORD_LIMIT,
    validate: Severity | None = None,
) -> OnixMessage:
    """Opens an ONIX message for reading: see ``OnixMessage``.

    Raises:
        RefusedError: It isn't an ONIX product message, or it is hostile.
        ConfigurationError: There is no such encoding.
    """
    return OnixMessage(path, name=name, encoding=encoding, record_limit=record_limit, validate=validate)
