"""The words by which titles say something other than their name, in the languages of the trade.

Everything is written as ``normalise.plain`` leaves it: lower case, without accents.
"""

from __future__ import annotations

import re

ARTICLES = {
    "eng": ("the", "a", "an"),
    "ger": ("der", "die", "das", "ein", "eine", "des", "den", "dem"),
    "swe": ("en", "ett", "den", "det", "de"),
    "dan": ("en", "et", "den", "det", "de"),
    "nor": ("en", "ei", "et", "den", "det", "de"),
    "fre": ("le", "la", "les", "un", "une", "l", "des"),
    "spa": ("el", "la", "los", "las", "un", "una"),
    "ita": ("il", "lo", "la", "i", "gli", "le", "un", "uno", "una", "l"),
    "por": ("o", "a", "os", "as", "um", "uma"),
    "dut": ("de", "het", "een"),
    "gre": ("o", "e", "to", "oi", "ta"),
}
"""Leading words that say nothing, by language (List 74)."""

CONJUNCTIONS = {
    "eng": "and",
    "ger": "und",
    "swe": "och",
    "dan": "og",
    "nor": "og",
    "fre": "et",
    "spa": "y",
    "ita": "e",
    "por": "e",
    "dut": "en",
    "pol": "i",
    "cze": "a",
    "fin": "ja",
}
"""What ``&`` and ``+`` stand for."""

GENERIC = (
    *("a novel", "a life", "a memoir", "stories", "short stories", "a thriller", "an investigation", "a mystery"),
    *("a romance", "a true story", "the novel", "poems", "essays", "roman", "ein roman", "kriminalroman", "krimi"),
    *("erzahlungen", "novelle", "en roman", "un roman", "nouvelles", "una novela", "novela", "powiesc", "a history"),
    *("a biography", "the biography", "the complete story", "a play", "berattelser", "noveller", "the bestseller"),
    *("new edition", "gedichte", "poemas", "recit", "thriller", "a love story"),
)
"""Subtitles that any book may have; they tell no book from another."""

NOISE = re.compile(
    r"\b(?:complete(?:ly)? (?:and |& )?)?(?:un)?abridged(?: (?:edition|version|audiobook|audio|reading|recording))?\b"
    r"|\b(?:audio ?book|audio edition|audio ?cd|mp3 ?cd|digital audio|the audiobook|original recording)\b"
    r"|\bh(?:oe|o)rbuch\b|\b(?:un)?gek(?:ue|u)rzte? ?(?:lesung|fassung|ausgabe)?\b"
    r"|\blivre audio\b|\btexte (?:integral|abrege)\b"
    r"|\b(?:oforkortad|forkortad|ljudbok|uavkortet|lydbok|luisterboek|audiolibro)\b"
)
"""What tells of the product, not of the book."""

ABRIDGED = re.compile(r"\babridged\b|\bgek(?:ue|u)rzte?\b|\babrege\b|\bforkortad\b")
UNABRIDGED = re.compile(r"\bunabridged\b|\bungek(?:ue|u)rzte?\b|\bintegral\b|\boforkortad\b|\buavkortet\b")

GUIDE = re.compile(
    r"^(?:an? )?(?:summary|study guide|analysis|summary (?:and|&) analysis|workbook|companion|review"
    r"|conversation starters|guide|lektureschlussel|lekturehilfe|zusammenfassung|resume|fiche de lecture|sammanfattning"
    r"|resumen|key takeaways|quicklet|cliffsnotes|sparknotes|trivia|insights)"
    r"(?: (?:and|&) (?:analysis|review|summary|study guide))?(?: of| to| on| zu| von| de| av| for| from)\b"
    r"|\b(?:study guide|reading guide|cliffs ?notes|spark ?notes|sidekick|conversation starters|key takeaways)\b"
    r"|\b(?:summary|lekturehilfe|zusammenfassung|fiche de lecture)$"
)
"""A book about a book: never an edition of it (AUDIOBOOKS 6)."""

SET = re.compile(
    r"\bbox(?:ed)? ?set\b|\bomnibus\b|\bbundle\b|\bsammelband\b|\bgesamtausgabe\b|\bsamlingsutgava\b|\bcoffret\b"
    r"|\bcomplete (?:series|collection|trilogy|saga|novels|works)\b|\bthe complete\b.*\b(?:books|volumes)\b"
    r"|\b(?:books|volumes|vols|parts|bande|teile|tomes|delarna|bocker)\.? ?"
    r"\d+ ?(?:-|to|through|bis|till|a|&|and) ?\d+\b"
    r"|\b(?:\d+|two|three|four|five|drei|zwei|tre|trois|deux)[ -](?:book|novel|volume|band|roman)s? "
    r"(?:set|collection|bundle|edition)\b"
    r"|\b\d+[ -]in[ -](?:1|one)\b|\bintegrale\b"
)
"""Several books sold as one."""

DRAMATISED = re.compile(
    r"\bdramati[sz](?:ed|ation)\b|\bfull[- ]cast (?:drama|production)\b|\baudio drama\b|\bradio (?:drama|play)\b"
    r"|\bh(?:oe|o)rspiel\b|\bradioteater\b"
)

VOLUME_WORDS = "book|books|volume|vol|band|tome|tom|tomo|libro|livre|bok|del|dil|kniha|buch|staffel|livro|deel|bind"
"""What a number as a word may follow, too."""
VOLUME_SIGNS = "bd|fall|case|no|nr|number|episode|season|folge|series|n"
"""What is a volume only before digits: *no one* is none."""
PART_WORDS = r"part|teil|partie|parte|czesc|cast"
NUMBERS = {
    **{
        word: str(number)
        for number, words in enumerate(
            (
                "one first eins erste i ett un uno",
                "two second zwei zweite ii tva deux dos",
                "three third drei dritte iii tre trois tres",
                "four fourth vier vierte iv fyra quatre cuatro",
                "five fifth funf v fem cinq cinco",
                "six sixth sechs vi sex seis",
                "seven seventh sieben vii sju sept siete",
                "eight eighth acht viii atta huit ocho",
                "nine ninth neun ix nio neuf nueve",
                "ten tenth zehn x tio dix diez",
            ),
            1,
        )
        for word in words.split()
    },
    "xi": "11",
    "xii": "12",
}
"""Number words and Roman numerals."""

BARE_ROMAN = frozenset({"ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii"})
"""Roman numerals that are no words: they may stand alone at the end of a title."""
