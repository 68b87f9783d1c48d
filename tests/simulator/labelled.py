"""Audiobooks with the truth about them: which are the same work, and which are one recording under two ISBNs.

Every product belongs to a *case*, a way in which products are hard to tell apart or to bring together (``cases``).
The same seed gives the same products; no real person or work is meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from tests.simulator import onix3
from tests.simulator.titles import Contributor, House, Title, dice, isbn13, make_title

HOUSES = tuple(
    House(name, f"{name.capitalize()} Audio", prefix, "01", out_of_scope=0.0)
    for name, prefix in (("brightwell", "97811"), ("marlowe", "97812"), ("kestrel", "97813"), ("linden", "97814"))
)


class Link(NamedTuple):
    """A related work or product. ``kind``: ``work`` (List 164) or ``product`` (List 51)."""

    kind: str
    relation: str
    id_type: str
    value: str
    type_name: str = ""


@dataclass(frozen=True)
class Product:
    """One audiobook, how it is written, and what is true of it.

    Attributes:
        supplier: Who sends it.
        title: The book as its supplier describes it.
        case: Why it is in the set.
        work: Products with one label are of one work.
        recording: Products with one label are one recording.
        links: What it names; nothing else is in its related material.
        parts: ISBNs of what is in it.
        full_title: Overrides the title element: everything in one text.
        drops: What the sender leaves out: ``edition``, ``isni``, ``key_names``, ``language``, ``authors``.
    """

    supplier: str
    title: Title
    case: str
    work: str
    recording: str
    links: tuple[Link, ...] = ()
    parts: tuple[str, ...] = ()
    full_title: str = ""
    drops: frozenset[str] = field(default_factory=frozenset)

    @property
    def isbn(self) -> str:
        """Its ISBN-13."""
        return self.title.isbn

    def but(self, **changes: Any) -> Product:
        """The same with other facts of the title."""
        return replace(self, title=replace(self.title, **changes))


class Press:
    """Makes products, each with an ISBN of its own; ``throw`` is the seed's randomness."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.throw = dice("labelled", seed)
        self._numbers = {house.name: count(1) for house in HOUSES}
        self._bases = count(1)
        self._taken: set[tuple[str, str]] = set()

    def base(self, case: str, *, language: str | None = None, series: bool = False) -> Product:
        """A book of its own: no other base has its title and author."""
        while True:
            number = next(self._bases)
            house = HOUSES[number % len(HOUSES)]
            title = make_title(self.seed, house, number)
            author, voice = title.contributors[0], self.voice(title)
            if (language and title.language != language) or not self.takes(title.full_title, author):
                continue
            people = (author, voice)
            label = f"{case}-{number}"
            made = Product(house.name, replace(title, contributors=people, original_language=""), case, label, label)
            if series and not title.series:
                made = made.but(series=f"{author.key} Files", number_in_series=str(self.throw.randint(2, 6)))
            elif not series:
                made = made.but(series="", number_in_series="")
            return self._numbered(made.but(edition="UBR", form="AJ"), house)

    def takes(self, title: str, author: Contributor) -> bool:
        """Keep a title of an author for one book; false where there is such a book already."""
        name = (title.casefold(), author.key)
        is_free = name not in self._taken
        self._taken.add(name)
        return is_free

    def other_of(self, product: Product) -> Product:
        """Another book of the same author, read by somebody else."""
        while True:
            other = self.base(product.case, language=product.title.language)
            author = product.title.contributors[0]
            if other.title.title != product.title.title and self.takes(other.title.full_title, author):
                return other.but(contributors=(author, other.title.contributors[-1]))

    def again(self, product: Product, *, elsewhere: bool = False, **changes: object) -> Product:
        """Another product with the same description under another ISBN; ``elsewhere`` by another supplier."""
        houses = [house for house in HOUSES if (house.name != product.supplier) == elsewhere]
        house = self.throw.choice(houses)
        return self._numbered(product.but(**changes), house)

    def voice(self, title: Title, *, other_than: Collection[Contributor] = ()) -> Contributor:
        """A narrator of the title's language; a named one, who is nobody else of the title."""
        while True:
            drawn = make_title(self.seed, HOUSES[0], 1_000_000 + self.throw.randrange(1_000_000))
            voice = next((one for one in drawn.contributors if one.role == "E07" and one.key), None)
            others = {one.key for one in (*title.contributors, *other_than)}
            if voice is not None and drawn.language == title.language and voice.key not in others:
                return replace(voice, isni="")

    def narrated(self, product: Product, *, recording: str, other_than: Collection[Contributor] = ()) -> Product:
        """The same book read by somebody else, at another pace."""
        title = product.title
        people = (*title.contributors[:-1], self.voice(title, other_than=other_than))
        pace = self.throw.choice((0.82, 0.91, 1.07, 1.15))
        return replace(product, recording=recording).but(contributors=people, seconds=int(title.seconds * pace))

    def restated(self, product: Product) -> Product:
        """The length as another sender measures it: rounded, with other opening credits."""
        off = self.throw.randint(-60, 60)
        unit = self.throw.choice(("16", "15", "05"))
        return product.but(seconds=product.title.seconds + off, duration_unit=unit)

    def print_isbn(self) -> str:
        """An ISBN of a printed book."""
        return isbn13(f"97819{self.throw.randrange(10_000_000):07d}")

    def chance(self, share: float) -> bool:
        """True in a share of cases."""
        return self.throw.random() < share

    def _numbered(self, product: Product, house: House) -> Product:
        number = next(self._numbers[house.name])
        named = product.but(
            isbn=isbn13(f"{house.isbn_prefix}{number:07d}"),
            reference=f"{house.name}.example.{number:07d}",
            supplier=house.name.capitalize(),
            isbn_type="15",
        )
        return replace(named, supplier=house.name)


_RELATED = re.compile(r"<RelatedMaterial>.*?</RelatedMaterial>\n", re.DOTALL)
_TITLE_ELEMENT = re.compile(
    r"(?<=<TitleElementLevel>01</TitleElementLevel>\n)<Title(?:Prefix|Text).*?(?=</TitleElement>)", re.DOTALL
)
_DROPPED = {
    "edition": re.compile(r"<EditionType>.*?</EditionType>\n"),
    "isni": re.compile(r"<NameIdentifier>.*?</NameIdentifier>\n", re.DOTALL),
    "key_names": re.compile(r"<(PersonNameInverted|NamesBeforeKey|KeyNames)>.*?</\1>\n"),
    "language": re.compile(r"<Language>.*?</Language>\n", re.DOTALL),
    "authors": re.compile(r"<Contributor>\n<SequenceNumber>1</SequenceNumber>.*?</Contributor>\n", re.DOTALL),
    "duration": re.compile(r"<Extent>\n<ExtentType>09.*?</Extent>\n", re.DOTALL),
}


def record(product: Product) -> str:
    """The product as an ONIX 3.0 record."""
    text = onix3.record(product.title)
    if product.full_title:
        text = _TITLE_ELEMENT.sub(f"<TitleText>{escape(product.full_title)}</TitleText>\n", text)
    for dropped in sorted(product.drops):
        text = _DROPPED[dropped].sub("", text)
    if product.parts:
        parts = "".join(map(_part, product.parts))
        text = text.replace("<ProductComposition>00", "<ProductComposition>10", 1)
        text = (
            text.replace("<Collection>", f"{parts}<Collection>", 1)
            if "<Collection>" in text
            else text.replace("<TitleDetail>", f"{parts}<TitleDetail>", 1)
        )
    related = "".join(map(_link, sorted(product.links, key=lambda link: link.kind, reverse=True)))
    return _RELATED.sub(f"<RelatedMaterial>\n{related}</RelatedMaterial>\n" if related else "", text)


def _part(isbn: str) -> str:
    return (
        "<ProductPart>\n<ProductIdentifier>\n<ProductIDType>15</ProductIDType>\n"
        f"<IDValue>{isbn}</IDValue>\n</ProductIdentifier>\n<ProductForm>AJ</ProductForm>\n"
        "<NumberOfCopies>1</NumberOfCopies>\n</ProductPart>\n"
    )


def _link(link: Link) -> str:
    name = f"<IDTypeName>{link.type_name}</IDTypeName>\n" if link.type_name else ""
    if link.kind == "work":
        return (
            f"<RelatedWork>\n<WorkRelationCode>{link.relation}</WorkRelationCode>\n<WorkIdentifier>\n<WorkIDType>"
            f"{link.id_type}</WorkIDType>\n{name}<IDValue>{link.value}</IDValue>\n</WorkIdentifier>\n</RelatedWork>\n"
        )
    return (
        f"<RelatedProduct>\n<ProductRelationCode>{link.relation}</ProductRelationCode>\n<ProductIdentifier>\n"
        f"<ProductIDType>{link.id_type}</ProductIDType>\n{name}<IDValue>{link.value}</IDValue>\n</ProductIdentifier>\n"
        "</RelatedProduct>\n"
    )


def messages(products: list[Product]) -> Iterator[tuple[str, bytes]]:
    """One ONIX 3.0 message a supplier: the supplier and the bytes."""
    for house in HOUSES:
        header = onix3.Header(house.name.capitalize(), datetime(2026, 3, 1, tzinfo=UTC), 1)
        of_house = [record(product) for product in products if product.supplier == house.name]
        yield house.name, f"{onix3.opening(header, release='3.0')}{''.join(of_house)}</ONIXMessage>\n".encode()
