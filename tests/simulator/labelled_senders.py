"""Cases of the labelled set that come from how senders write names, titles and identifiers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.simulator.labelled import Link, Press, Product
from tests.simulator.labelled_cases import CASES, products
from tests.simulator.titles import Contributor

__all__ = ["CASES", "products"]

_WRONG_ISNI = "0000000121032683"

_SPELLINGS = (
    (("Fjodor", "Sokolow"), ("Fyodor", "Sokolov")),
    (("Юрий", "Морозов"), ("Yuri", "Morozov")),
    (("Κώστας", "Νικολάου"), ("Kostas", "Nikolaou")),
    (("Jörg", "Böhm"), ("Joerg", "Boehm")),
    (("Åsa", "Sjögren"), ("Asa", "Sjogren")),
    (("Søren", "Kjær"), ("Soren", "Kjaer")),
    (("Małgorzata", "Żuławska"), ("Malgorzata", "Zulawska")),
    (("Zdeněk", "Dvořáček"), ("Zdenek", "Dvoracek")),
    (("Aleksandr", "Kuznetsov"), ("Alexander", "Kusnezow")),
    (("Katherine", "O'Rourke"), ("Katherine", "O’Rourke")),
    (("Dmitri", "Volkov"), ("Dmitry", "Wolkow")),
    (("Nikolai", "Petrov"), ("Nikolaj", "Petrow")),
    (("陽子", "青木"), ("陽子", "青木")),
    (("Mikhail", "Lebedev"), ("Michail", "Lebedew")),
    (("Jean-Luc", "Châtelain"), ("Jean Luc", "Chatelain")),
    (("José María", "Núñez"), ("Jose Maria", "Nunez")),
    (("Sergey", "Orlov"), ("Sergej", "Orlow")),
    (("Catherine", "MacLeod"), ("Catherine", "McLeod")),
)


def _wrote(product: Product, before: str, key: str, *, isni: str = "", **more: str) -> Product:
    author = replace(product.title.contributors[0], before=before, key=key, isni=isni, **more)
    return product.but(contributors=(author, *product.title.contributors[1:]))


def spelled_otherwise(press: Press, case: str) -> Iterator[Product]:
    """The author in another alphabet or another transliteration."""
    one, other = press.throw.choice(_SPELLINGS)
    first = _wrote(press.base(case), *one)
    yield first
    yield press.restated(_wrote(press.again(first, elsewhere=True), *other))
    yield press.narrated(_wrote(press.again(first), *other), recording=f"{first.recording}/2")


def initials(press: Press, case: str) -> Iterator[Product]:
    """The author with initials, or with a middle name more."""
    first = press.base(case)
    author = first.title.contributors[0]
    yield first
    letter = author.before[0]
    for before in press.throw.sample(
        (f"{letter}.", f"{author.before} M.", f"{letter}.M.", f"{author.before} Maria"), 2
    ):
        yield press.restated(_wrote(press.again(first, elsewhere=True), before, author.key))


def inverted(press: Press, case: str) -> Iterator[Product]:
    """The sender writes every name with the family name first."""
    first = press.base(case)
    yield first
    comma = "," if press.chance(0.7) else ""
    people = tuple(
        replace(one, before=f"{one.key}{comma}", key=one.before, isni="") if one.key and one.before else one
        for one in first.title.contributors
    )
    made = press.restated(press.again(first, elsewhere=True, contributors=people))
    yield replace(made, drops=frozenset({"key_names"}))


def subtitle_in_title(press: Press, case: str) -> Iterator[Product]:
    """Title and subtitle in one text, with a colon or a dash; or no subtitle at all."""
    subtitle = press.throw.choice(("A Novel", "The Untold Story of a Coast", "How the North Was Built", "Stories"))
    first = press.base(case).but(subtitle=subtitle)
    yield first
    joint = press.throw.choice((": ", " - ", " – "))
    made = press.restated(press.again(first, elsewhere=True, subtitle=""))
    yield replace(made, full_title=f"{first.title.full_title}{joint}{subtitle}")
    yield press.narrated(press.again(first, subtitle=""), recording=f"{first.recording}/2")


def series_in_title(press: Press, case: str) -> Iterator[Product]:
    """Series and number in the title's text, in every place that senders put them."""
    first = press.base(case, series=True)
    yield first
    title, series, number = first.title.full_title, first.title.series, first.title.number_in_series
    forms = (
        f"{title} ({series}, Book {number})",
        f"{title}: {series} {number}",
        f"{series} {number}: {title}",
        f"{title} - {series} #{number}",
        f"{title} ({series}, Vol. {number}) (Unabridged)",
        f"{series}, Book {number}: {title}",
    )
    for form in press.throw.sample(forms, 2):
        made = press.restated(press.again(first, elsewhere=True, series="", number_in_series="", subtitle=""))
        yield replace(made, full_title=form)


def no_isni(press: Press, case: str) -> Iterator[Product]:
    """One sender knows the author's ISNI, the other doesn't."""
    first = press.base(case)
    author = first.title.contributors[0]
    first = _wrote(first, author.before, author.key, isni=author.isni or _isni(press))
    yield first
    yield replace(press.restated(press.again(first, elsewhere=True)), drops=frozenset({"isni"}))


def wrong_isni(press: Press, case: str) -> Iterator[Product]:
    """A sender gives one ISNI to many authors."""
    first = press.base(case)
    author = first.title.contributors[0]
    first = _wrote(first, author.before, author.key, isni=author.isni or _isni(press))
    yield first
    twin = press.restated(_wrote(press.again(first, elsewhere=True), author.before, author.key, isni=_WRONG_ISNI))
    if press.chance(0.3):
        twin = press.narrated(twin, recording=f"{first.recording}/2")
    yield twin
    other = press.base(case, language=first.title.language)
    stranger = other.title.contributors[0]
    other = _wrote(other, stranger.before, stranger.key, isni=_WRONG_ISNI)
    if press.chance(0.5) and press.takes(first.title.full_title, stranger):
        # The same title, another author, one ISNI.
        other = other.but(title=first.title.title, prefix=first.title.prefix)
    yield other


def one_work_id_for_all(press: Press, case: str) -> Iterator[Product]:
    """A sender gives all its books one work identifier; each book is also sent by another one."""
    first = press.base(case)
    house = "kestrel"
    while first.supplier != house:
        first = press.base(case)
    yield replace(first, links=(Link("work", "01", "01", "1", "Kestrel work"),))
    yield press.restated(press.again(first, elsewhere=True))


def one_work_id_for_an_author(press: Press, case: str) -> Iterator[Product]:
    """A sender takes the work identifier for an author's: a few books of one author and one voice share it."""
    first = press.base(case)
    link = Link("work", "01", "01", f"A-{first.title.work}", f"{first.title.supplier} work")
    yield replace(first, links=(link,))
    for _ in range(2):
        other = press.other_of(first)
        label = other.work
        made = press.again(first, title=other.title.title, prefix=other.title.prefix, seconds=other.title.seconds)
        yield replace(made, links=(link,), work=label, recording=label)


def slips(press: Press, case: str) -> Iterator[Product]:
    """A letter missing or turned in the title, or the other side's spelling of English."""
    first = press.base(case)
    name = first.title.title
    long_words = [word for word in name.split() if len(word) > 5 and word.isalpha()]
    if first.title.language == "jpn" or not long_words:
        return
    word = max(long_words, key=len)
    place = press.throw.randint(2, len(word) - 2)
    wrong = press.throw.choice(
        (word[:place] + word[place + 1 :], word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :])
    )
    yield first
    yield press.restated(press.again(first, elsewhere=True, title=name.replace(word, wrong)))


def written_otherwise(press: Press, case: str) -> Iterator[Product]:
    """Capitals, articles, ampersands, and words about the product in the title."""
    first = press.base(case)
    title = first.title.full_title
    yield first
    forms = (
        title.upper(),
        title.lower(),
        first.title.title,
        f"{title} (Unabridged)",
        f"{title} [Audiobook]",
        title.replace(" & ", " and ").replace(" and ", " & "),
        title.replace("’", "'"),
    )
    for form in press.throw.sample(forms, 2):
        yield replace(press.restated(press.again(first, elsewhere=True)), full_title=form)


def other_title(press: Press, case: str) -> Iterator[Product]:
    """Published under another title elsewhere, and both say of which work and printed book they are."""
    first = press.base(case)
    links = (Link("work", "01", "15", press.print_isbn()), Link("product", "06", "15", press.print_isbn()))
    yield replace(first, links=links)
    other = press.other_of(first).title
    made = press.again(first, elsewhere=True, title=other.title, prefix=other.prefix, subtitle="")
    yield replace(press.restated(made), links=links)


def several_authors(press: Press, case: str) -> Iterator[Product]:
    """Two authors in either order, or only the first."""
    first = press.base(case)
    second = next(
        one for one in iter(lambda: press.voice(first.title), None) if press.takes(first.title.full_title, one)
    )
    second = replace(second, role="A01")
    author, voice = first.title.contributors
    first = first.but(contributors=(author, second, voice))
    yield first
    yield press.restated(press.again(first, elsewhere=True, contributors=(second, author, voice)))
    yield press.restated(press.again(first, elsewhere=True, contributors=(author, voice)))


def nobody_named(press: Press, case: str) -> Iterator[Product]:
    """Voices without a name: one recording only where one edition names the other."""
    first = press.base(case)
    people = (first.title.contributors[0], Contributor("E07", unnamed="05"))
    first = first.but(contributors=people)
    yield first
    named = press.chance(0.5)
    made = press.restated(press.again(first, elsewhere=True))
    if named:
        yield replace(made, links=(Link("product", "06", "15", first.isbn),))
    else:
        pace = press.throw.choice((0.9, 1.1))
        yield replace(made.but(seconds=int(first.title.seconds * pace)), recording=f"{first.recording}/2")


def author_missing(press: Press, case: str) -> Iterator[Product]:
    """A sender leaves the author out; an identifier or the voice says whose it is."""
    first = press.base(case)
    links = (Link("product", "06", "15", press.print_isbn()),)
    yield replace(first, links=links)
    yield replace(press.restated(press.again(first, elsewhere=True)), links=links, drops=frozenset({"authors"}))


def _isni(press: Press) -> str:
    from stdnum.iso7064 import mod_11_2

    body = f"00000005{press.throw.randrange(10_000_000):07d}"
    return body + mod_11_2.calc_check_digit(body)


CASES.update(
    {
        case.__name__: case
        for case in (
            *(spelled_otherwise, initials, inverted, subtitle_in_title, series_in_title, no_isni, wrong_isni),
            *(one_work_id_for_all, one_work_id_for_an_author, slips, written_otherwise, other_title, several_authors),
            *(nobody_named, author_missing),
        )
    }
)
