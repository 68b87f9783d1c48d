"""Trade-like audiobooks out of a seed: any title of any supplier, on its own, in constant memory."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from stdnum import ean
from stdnum.iso7064 import mod_11_2

from tests.simulator.words import COUNTRIES, IMPRINTS, KEYWORDS, SUBJECTS, TONGUES, Tongue

EPOCH = date(2026, 3, 1)
"""The first day of every history; dates of titles lie around it."""


def dice(*parts: object) -> random.Random:
    """Randomness that depends on nothing but ``parts``: the same parts throw the same numbers everywhere."""
    return random.Random("/".join(map(str, parts)))  # noqa: S311 - simulated data, no secret


@dataclass(frozen=True, slots=True)
class Contributor:
    """A contributor. ``unnamed`` is a List 19 code; ``stands_for`` the human-like name of an unnamed voice."""

    role: str
    before: str = ""
    key: str = ""
    isni: str = ""
    unnamed: str = ""
    stands_for: str = ""
    from_language: str = ""

    @property
    def name(self) -> str:
        """The name in reading order."""
        return f"{self.before} {self.key}".strip()


@dataclass(frozen=True, slots=True)
class Rights:
    """Where a title may be sold (AUDIOBOOKS 1.8).

    Attributes:
        kind: List 46 code for the included territory.
        included: ``("WORLD",)`` or countries.
        excluded: Countries out of WORLD, which are stated as not for sale (03).
        rest: ``ROWSalesRightsType`` for an explicit list; empty for none.
        restriction: List 71 code, empty for none.
        contradicted: Countries also stated as not for sale: a sender's mistake.
    """

    kind: str = "01"
    included: tuple[str, ...] = ("WORLD",)
    excluded: tuple[str, ...] = ()
    rest: str = ""
    restriction: str = ""
    contradicted: tuple[str, ...] = ()

    def countries(self) -> tuple[str, ...]:
        """Countries where sale is allowed, sorted."""
        included = COUNTRIES if self.included == ("WORLD",) else self.included
        denied = {*self.excluded, *self.contradicted}
        rest = () if self.rest not in {"01", "02"} else COUNTRIES
        return tuple(sorted({*included, *rest} & set(COUNTRIES) - denied))


@dataclass(frozen=True, slots=True)
class Price:
    """A consumer price. ``amount`` and dates (YYYYMMDD) are text, so that a sender's mistakes can be said."""

    kind: str
    amount: str
    currency: str
    countries: tuple[str, ...] = ()
    tax_percent: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """One audiobook as one supplier describes it at one moment."""

    reference: str
    isbn: str
    title: str
    prefix: str
    subtitle: str
    series: str
    number_in_series: str
    contributors: tuple[Contributor, ...]
    language: str
    original_language: str
    description: str
    blurb: str
    subject: tuple[str, str, str, str]
    second_subject: tuple[str, str, str, str]
    keywords: tuple[str, ...]
    edition: str
    form: str
    seconds: int
    duration_unit: str
    tracks: int
    chapters: tuple[str, ...]
    audience: str
    publisher: str
    imprint: str
    supplier: str
    source_type: str
    status: str
    published: str
    embargo: str
    embargo_role: str
    rights: Rights
    prices: tuple[Price, ...]
    unpriced: str
    availability: str
    print_isbn: str
    work: str
    text_style: str
    isbn_type: str = "15"
    form_detail: str = "A103"
    duration_text: str = ""

    @property
    def full_title(self) -> str:
        """The title with its prefix."""
        return f"{self.prefix} {self.title}" if self.prefix else self.title

    @property
    def is_audio(self) -> bool:
        """Whether it is in scope (List 150: audio forms begin with A)."""
        return self.form.startswith("A")


def isbn13(twelve: str) -> str:
    """Twelve digits with their check digit."""
    return twelve + ean.calc_check_digit(twelve)


def isbn10(isbn: str) -> str:
    """The ISBN-10 of a 978 ISBN-13."""
    nine = isbn[3:12]
    check = sum((10 - place) * int(digit) for place, digit in enumerate(nine)) % 11
    return nine + "0X987654321"[check] if check else nine + "0"


@lru_cache(maxsize=20000)
def _isni(language: str, given: int, family: int) -> str:
    body = f"00000004{sum(map(ord, language)) % 1000:03d}{given:02d}{family:02d}"
    return body + mod_11_2.calc_check_digit(body)


@dataclass(frozen=True, slots=True)
class House:
    """A supplier as its titles show it.

    Attributes:
        isbn_prefix: Five digits; seven more number its titles.
        role: RecordSourceType and kind of supplier: ``01`` publisher, ``02`` distributor, ``04`` aggregator.
        western: Only titles cp1252 can write.
        out_of_scope: Share of records that are no audiobooks.
    """

    name: str
    publisher: str
    isbn_prefix: str
    role: str
    western: bool = False
    out_of_scope: float = 0.03


def make_title(seed: int, house: House, index: int) -> Title:
    """The ``index``-th title of a house, as first published: the same for the same seed, in any order of asking."""
    throw = dice(seed, house.name, index)
    tongues = [tongue for tongue in TONGUES if tongue.western] if house.western else TONGUES
    tongue = tongues[0] if throw.random() < 0.45 else throw.choice(tongues)
    people = _contributors(throw, tongue)
    prefix, title = _title(throw, tongue)
    forms = ("AC", "AE", "AN", "AO")
    form = "AJ" if throw.random() < 0.9 else throw.choice(forms)
    if throw.random() < house.out_of_scope:
        form = throw.choice(("BB", "ED"))
    seconds = throw.randint(40 * 60, 30 * 3600)
    published = EPOCH + timedelta(days=throw.randint(-1500, 150))
    upcoming = published > EPOCH
    embargoed = upcoming and throw.random() < 0.5
    subject, second = throw.sample(SUBJECTS, 2)
    in_series = throw.random() < 0.3
    tracks = max(4, seconds // 1500)
    return Title(
        reference=f"{house.name}.example.{index:07d}",
        isbn=isbn13(f"{house.isbn_prefix}{index:07d}"),
        title=title,
        prefix=prefix,
        subtitle=throw.choice(("A Novel", "A Life", "Stories", "An Investigation")) if throw.random() < 0.35 else "",
        series=f"{throw.choice(tongue.nouns)} {throw.choice(('Saga', 'Files', 'Quartet', 'Cycle'))}"
        if in_series
        else "",
        number_in_series=str(throw.randint(1, 9)) if in_series else "",
        contributors=people,
        language=tongue.code,
        original_language=next((person.from_language for person in people if person.from_language), ""),
        description=_description(throw, tongue, people[0].name),
        blurb=f"{throw.choice(tongue.nouns)}, {throw.choice(tongue.nouns)}: {title}.",
        subject=subject,
        second_subject=second,
        keywords=tuple(throw.sample(KEYWORDS, 6)),
        edition="UBR" if throw.random() < 0.93 else "ABR",
        form=form,
        seconds=seconds,
        duration_unit=throw.choices(("16", "15", "05"), (3, 4, 3))[0],
        tracks=tracks,
        chapters=tuple(f"{throw.choice(tongue.nouns)}" for _ in range(min(tracks, 14))) if throw.random() < 0.2 else (),
        audience="02" if subject[0].startswith("JUV") else "01",
        publisher=house.publisher if house.role == "01" else f"{throw.choice(IMPRINTS)} Publishing",
        imprint=throw.choice(IMPRINTS),
        supplier=house.name.capitalize(),
        source_type=house.role,
        status="02" if upcoming else "04",
        published=f"{published:%Y%m%d}",
        embargo=f"{published + timedelta(days=throw.randint(0, 3)):%Y%m%d}" if embargoed else "",
        embargo_role=throw.choice(("02", "27", "30", "31")) if embargoed else "",
        rights=make_rights(throw),
        prices=() if house.role == "02" and index % 9 == 4 else _prices(throw),
        unpriced="04",
        availability="10" if upcoming else "20",
        print_isbn=isbn13(f"{house.isbn_prefix}{index + 5_000_000:07d}"),
        work=f"{house.name[:2].upper()}W{index:07d}",
        text_style=throw.choices(("escaped", "cdata", "xhtml", "plain"), (5, 2, 2, 1))[0],
    )


def make_rights(throw: random.Random) -> Rights:
    """Sales rights in the mix the trade has: world, world but, long and short lists, with and without a rest."""
    luck = throw.random()
    restriction = "12" if throw.random() < 0.06 else ""
    kind = "01" if throw.random() < 0.8 else "02"
    if luck < 0.4:
        return Rights(kind=kind, restriction=restriction)
    if luck < 0.65:
        out = tuple(sorted(throw.sample(COUNTRIES, throw.randint(1, 30))))
        return Rights(kind=kind, excluded=out, restriction=restriction)
    size = throw.randint(90, 150) if luck < 0.82 else throw.randint(1, 30)
    inside = tuple(sorted(throw.sample(COUNTRIES, size)))
    rest = throw.choices(("03", "06", "00", "02", ""), (5, 2, 2, 1, 1))[0]
    return Rights(kind=kind, included=inside, rest=rest, restriction=restriction)


def for_distributor(title: Title, house: House, index: int) -> Title:
    """A publisher's title as a distributor sends it: own reference, supplier and prices; the rest is the same."""
    prices = tuple(replace(price, amount=reprice(price.amount, 1.04)) for price in title.prices)
    return replace(
        title,
        reference=f"{house.name}.example.{index:07d}",
        supplier=house.name.capitalize(),
        source_type=house.role,
        prices=prices,
    )


def reprice(amount: str, factor: float) -> str:
    """An amount times a factor, ending in ``.99`` or ``.49`` as consumer prices do; never what it was before."""
    units = max(1, round(float(amount) * factor))
    new = f"{units}.99"
    return new if new != amount else f"{units}.49"


def _title(throw: random.Random, tongue: Tongue) -> tuple[str, str]:
    noun, other = throw.sample(tongue.nouns, 2)
    pattern = throw.choice(tongue.titles)
    made = pattern.format(a=throw.choice(tongue.adjectives), n=noun, m=other, p=throw.choice(tongue.given))
    for prefix in ("The", "A"):
        if tongue.code == "eng" and made.startswith(f"{prefix} "):
            return prefix, made[len(prefix) + 1 :]
    return "", made


def _person(throw: random.Random, tongue: Tongue, role: str, **more: str) -> Contributor:
    given, family = throw.randrange(len(tongue.given)), throw.randrange(len(tongue.family))
    isni = _isni(tongue.code, given, family) if throw.random() < 0.5 else ""
    return Contributor(role, before=tongue.given[given], key=tongue.family[family], isni=isni, **more)


def _contributors(throw: random.Random, tongue: Tongue) -> tuple[Contributor, ...]:
    people = [_person(throw, tongue, "A01")]
    if throw.random() < 0.2:
        people.append(_person(throw, tongue, throw.choice(("A01", "B01", "A02"))))
    if throw.random() < 0.25:
        source = throw.choice([other.code for other in TONGUES if other is not tongue])
        people.append(_person(throw, tongue, "B06", from_language=source))
    luck = throw.random()
    if luck < 0.08:
        voice = throw.choice(("05", "06", "07", "08", "09"))
        actor = f"{throw.choice(tongue.given)} {throw.choice(tongue.family)}" if voice == "08" else ""
        people.append(Contributor("E07", unnamed=voice, stands_for=actor))
    else:
        people.append(_person(throw, tongue, "E03" if luck > 0.97 else "E07"))
    if len(people) < 5 and throw.random() < 0.15:
        people.append(_person(throw, tongue, "E07"))
    return tuple(people)


def _description(throw: random.Random, tongue: Tongue, name: str) -> str:
    """Escaped for XHTML: ``&`` and ``<`` of the text stand as entities, tags are tags."""
    paragraphs = []
    for _ in range(throw.randint(2, 4)):
        chosen = throw.sample(tongue.sentences, throw.randint(3, 4))
        text = " ".join(chosen).format(
            a=throw.choice(tongue.adjectives).lower(),
            n=throw.choice(tongue.nouns),
            m=throw.choice(tongue.nouns),
            p=name,
        )
        paragraphs.append(f"<p>{text.replace('&', '&amp;')}</p>")
    paragraphs[0] = paragraphs[0].replace("<p>", "<p><strong>", 1).replace(". ", ".</strong> ", 1)
    if "</strong>" not in paragraphs[0]:
        paragraphs[0] = paragraphs[0].replace("</p>", "</strong></p>")
    return "".join(paragraphs)


def _prices(throw: random.Random) -> tuple[Price, ...]:
    base = throw.randint(7, 34)
    made = [
        Price("01", f"{base}.99", "USD", ("US",)),
        Price("02", f"{base}.49", "EUR", ("AT", "DE", "FI", "FR", "IE", "NL"), "19.00"),
        Price("02", f"{base - 1}.99", "GBP", ("GB",), "20.00"),
    ]
    if throw.random() < 0.4:
        made.append(Price("02", f"{base * 11}.00", "SEK", ("SE",), "25.00"))
    if throw.random() < 0.15:
        made[0] = replace(made[0], since="20260101", until="20261231")
    return tuple(made)
