"""The cases of the labelled set: how the trade makes one work look like two, and two like one (FEATURES M1, MS12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.simulator.labelled import Link, Press, Product
from tests.simulator.titles import Contributor

Case = Callable[[Press, str], Iterator[Product]]


def products(seed: int, *, groups: int = 30) -> list[Product]:
    """The set: some groups of every case, and books that are alone.

    Args:
        seed: The same seed gives the same products.
        groups: Groups a case.
    """
    press = Press(seed)
    made = []
    for name, case in CASES.items():
        for _ in range(groups * WEIGHTS.get(name, 1)):
            made.extend(case(press, name))
    return made


def alone(press: Press, case: str) -> Iterator[Product]:
    """A book that nothing else is of."""
    yield press.base(case)


def two_isbns(press: Press, case: str) -> Iterator[Product]:
    """One recording under two or three ISBNs, of one supplier or two, with and without links."""
    first = press.base(case, series=press.chance(0.3))
    paper = press.print_isbn()
    work = Link("work", "01", "01", first.title.work, f"{first.title.supplier} work")
    if press.chance(0.5):
        first = replace(first, links=(Link("product", "06", "15", paper),))
    elif press.chance(0.5):
        first = replace(first, links=(work,))
    yield first
    for _ in range(press.throw.randint(1, 2)):
        yield press.restated(press.again(first, elsewhere=press.chance(0.6)))


def other_narration(press: Press, case: str) -> Iterator[Product]:
    """Narrations of one text by different people, one of them sold twice."""
    first = press.base(case)
    if press.chance(0.4):
        first = replace(first, links=(Link("work", "01", "15", press.print_isbn()),))
    yield first
    yield press.restated(press.again(first, elsewhere=True))
    voices = [first.title.contributors[-1]]
    for number in range(press.throw.randint(1, 2)):
        other = press.narrated(press.again(first), recording=f"{first.recording}/{number}", other_than=voices)
        voices.append(other.title.contributors[-1])
        yield other


def same_length_other_voice(press: Press, case: str) -> Iterator[Product]:
    """Two narrations that happen to last as long."""
    first = press.base(case)
    yield first
    second = press.narrated(press.again(first, elsewhere=True), recording=f"{first.recording}/2")
    yield second.but(seconds=first.title.seconds + 20)


def abridged(press: Press, case: str) -> Iterator[Product]:
    """An abridgement, most often by the same voice; some senders give it the work identifier of the whole."""
    first = press.base(case)
    work = Link("work", "01", "01", first.title.work, f"{first.title.supplier} work")
    shared = press.chance(0.4)
    if shared:
        first = replace(first, links=(work,))
    yield first
    short = press.again(first, edition="ABR", seconds=int(first.title.seconds * 0.45))
    short = replace(short, work=f"{first.work}/abridged", recording=f"{first.recording}/abridged")
    if not shared and press.chance(0.5):
        short = replace(short, links=(Link("work", "21", "01", first.title.work, f"{first.title.supplier} work"),))
    yield short
    if press.chance(0.4):
        yield press.restated(press.again(short, elsewhere=True))


def edition_not_said(press: Press, case: str) -> Iterator[Product]:
    """Whether it is abridged isn't said, or only in the title."""
    first = press.base(case)
    yield first
    silent = press.restated(press.again(first, elsewhere=True))
    yield replace(silent, drops=frozenset({"edition"}))
    short = press.again(first, seconds=first.title.seconds // 2)
    named = f"{first.title.full_title} (Abridged)"
    yield replace(
        short,
        work=f"{first.work}/abridged",
        recording=f"{first.recording}/abridged",
        drops=frozenset({"edition"}),
        full_title=named,
    )


def boxed(press: Press, case: str) -> Iterator[Product]:
    """Volumes of a series, and a box set of them."""
    first = press.base(case, series=True)
    series = first.title.series
    volumes = [press.other_of(first).but(series=series, number_in_series=number) for number in ("1", "2", "3")]
    yield from volumes
    seconds = sum(one.title.seconds for one in volumes)
    label = f"{first.work}/box"
    named = press.throw.choice(
        (f"{series}: Books 1-3", f"The {series} Box Set", f"The Complete {series} Trilogy: Books 1-3")
    )
    box = replace(press.again(volumes[0], title=series, prefix="", subtitle="", seconds=seconds), full_title=named)
    box = replace(box.but(number_in_series=""), work=label, recording=label)
    if press.chance(0.6):
        links = tuple(Link("product", "01", "15", one.isbn) for one in volumes)
        box = replace(box, links=links, parts=tuple(one.isbn for one in volumes))
    yield box
    if press.chance(0.5):
        yield press.restated(press.again(box, elsewhere=True))


def omnibus(press: Press, case: str) -> Iterator[Product]:
    """Two novels in one product, under the names of both."""
    first = press.base(case)
    second = press.other_of(first)
    yield from (first, second)
    both = press.again(first, seconds=first.title.seconds + second.title.seconds)
    label = f"{first.work}/omnibus"
    yield replace(
        both,
        work=label,
        recording=label,
        full_title=f"{first.title.full_title} / {second.title.full_title}: Omnibus",
        links=tuple(Link("product", "01", "15", one.isbn) for one in (first, second)) if press.chance(0.5) else (),
    )


def same_title(press: Press, case: str) -> Iterator[Product]:
    """One title, two authors; sometimes even one narrator."""
    first = press.base(case)
    yield first
    other = press.base(case, language=first.title.language)
    voice = first.title.contributors[-1] if press.chance(0.4) else other.title.contributors[-1]
    author = other.title.contributors[0]
    if not press.takes(first.title.full_title, author):
        return
    other = other.but(title=first.title.title, prefix=first.title.prefix, contributors=(author, voice))
    yield other
    if press.chance(0.5):
        yield press.restated(press.again(other, elsewhere=True))


def near_titles(press: Press, case: str) -> Iterator[Product]:
    """One author's titles that differ by a word or an ending."""
    first = press.base(case, language="eng")
    name = first.title.title
    yield first
    others = (
        f"{name}ers" if name.endswith("s") else f"{name}s",
        f"Return to the {name}",
        f"The {name} of Winter",
        f"Before the {name}",
        f"{name} and Other Stories",
    )
    for number, other in enumerate(press.throw.sample(others, 2)):
        label = f"{first.work}/{number}"
        made = press.again(first, title=other, prefix="", seconds=press.throw.randint(9_000, 90_000))
        yield replace(made, work=label, recording=label)


def sequels(press: Press, case: str) -> Iterator[Product]:
    """Volumes that are told apart by a number: in the title, after it, in the series, in words or in Roman."""
    first = press.base(case, series=True)
    series = first.title.series
    style = press.throw.choice(("digits", "roman", "words", "part", "field", "field_only"))
    for number in range(1, 4):
        label = f"{first.work}/{number}"
        names = {
            "digits": first.title.full_title + (f" {number}" if number > 1 else ""),
            "roman": first.title.full_title + ("", " II", " III")[number - 1],
            "words": f"{first.title.full_title}: {('Book One', 'Book Two', 'Book Three')[number - 1]}",
            "part": f"{first.title.full_title}, Vol. {number}",
            "field": first.title.full_title,
            "field_only": series,
        }
        seconds = press.throw.randint(15_000, 60_000)
        told = style.startswith("field")
        made = press.again(
            first, seconds=seconds, series=series if told else "", number_in_series=str(number) if told else ""
        )
        made = replace(made, work=label, recording=label, full_title=names[style])
        yield made
        if press.chance(0.4):
            yield press.restated(press.again(made, elsewhere=True))


def parts(press: Press, case: str) -> Iterator[Product]:
    """One book, and its halves sold as products."""
    first = press.base(case)
    yield first
    for number in (1, 2):
        label = f"{first.work}/{number}"
        half = press.again(first, seconds=first.title.seconds // 2 + 100 * number)
        yield replace(half, work=label, recording=label, full_title=f"{first.title.full_title}, Part {number} of 2")


def translated(press: Press, case: str) -> Iterator[Product]:
    """A translation: linked as such, wrongly given the original's work identifier, or under the very same title."""
    first = press.base(case)
    work = Link("work", "01", "15", press.print_isbn())
    how = press.throw.choice(("derived", "same_id", "same_title", "no_link"))
    yield replace(first, links=() if how == "no_link" else (work,))
    other = next(base for base in iter(lambda: press.base(case), None) if base.title.language != first.title.language)
    people = (
        first.title.contributors[0],
        Contributor("B06", "Nora", "Quist", from_language=first.title.language),
        other.title.contributors[-1],
    )
    made = other.but(contributors=people, original_language=first.title.language)
    if how == "same_title":
        made = made.but(title=first.title.title, prefix=first.title.prefix)
    link = {"derived": (replace_relation(work, "29"),), "same_id": (work,), "same_title": (work,), "no_link": ()}[how]
    made = replace(made, links=link)
    yield made
    yield press.restated(press.again(made, elsewhere=True))


def replace_relation(link: Link, relation: str) -> Link:
    """The same identifier named as something else."""
    return link._replace(relation=relation)


def guides(press: Press, case: str) -> Iterator[Product]:
    """A book about a book, which has its title, and some have its author too."""
    first = press.base(case)
    yield first
    title, author = first.title.full_title, first.title.contributors[0]
    named = press.throw.choice(
        (
            f"Summary of {title} by {author.name}",
            f"Study Guide: {title}",
            f"{title}: A Study Guide",
            f"Summary and Analysis of {title}",
            f"Workbook for {title}",
        )
    )
    writer = author if press.chance(0.3) else Contributor("A01", "Quick", "Reads")
    made = press.again(first, elsewhere=True, seconds=2400, contributors=(writer, first.title.contributors[-1]))
    label = f"{first.work}/guide"
    made = replace(made, work=label, recording=label, full_title=named, links=())
    yield made


def dramatised(press: Press, case: str) -> Iterator[Product]:
    """A radio play of the book, told by edition type or by the title alone."""
    first = press.base(case)
    yield first
    label = f"{first.work}/drama"
    made = press.again(first, elsewhere=True, seconds=first.title.seconds // 4)
    if press.chance(0.5):
        made = made.but(edition="ADP")
    else:
        made = replace(made, full_title=f"{first.title.full_title}: A Full-Cast Dramatisation")
    yield replace(press.narrated(made, recording=label), work=label)


WEIGHTS = {"alone": 14, "two_isbns": 4, "other_narration": 2}
"""Groups of these for one of the others."""

CASES: dict[str, Case] = {
    case.__name__: case
    for case in (
        *(alone, two_isbns, other_narration, same_length_other_voice, abridged, edition_not_said, boxed, omnibus),
        *(same_title, near_titles, sequels, parts, translated, guides, dramatised),
    )
}
"""Every case by name; ``labelled_senders`` adds those of senders' habits."""
