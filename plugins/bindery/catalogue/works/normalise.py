"""Texts as they are compared: case, accents, alphabets, articles and punctuation don't tell books apart."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from text_unidecode import unidecode

from bindery.catalogue.works.words import ARTICLES, CONJUNCTIONS

_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
"""Scripts that are compared as they are: their transliteration says another language's sounds."""
_APOSTROPHES = re.compile("[’‘ʼ`´′']")
_DASHES = re.compile("[‐‑‒–—―]")
_ELISION = re.compile(r"\b([ldjnsctm]|qu)'(?=\w)")
_WORD = re.compile(r"[^\W_]+")
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 16)
def plain(text: str) -> str:
    """Lower case, without accents, in Latin letters where it can be; dashes are hyphens, apostrophes are straight."""
    text = unicodedata.normalize("NFKC", text)
    text = _APOSTROPHES.sub("'", _DASHES.sub("-", text))
    if not text.isascii() and not _EAST_ASIAN.search(text):
        text = unidecode(text)
    return text.casefold().strip()


def words(text: str) -> list[str]:
    """The words of a plain text; an apostrophe inside a word is nothing, after an elided article it is a space."""
    return _WORD.findall(_ELISION.sub(r"\1 ", text).replace("'", "") if "'" in text else text)


@lru_cache(maxsize=1 << 16)
def squeezed(word: str) -> str:
    """A word as its spellings share it: ``ö`` and ``oe``, double and single letters, ``our`` and ``or``.

    Other alphabets than the Latin are left alone.
    """
    if not word.isascii() or word.isdecimal():
        return word
    for pair, letter in (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ph", "f")):
        word = word.replace(pair, letter)
    if len(word) > 4:
        word = word.replace("our", "or").replace("isa", "iza").replace("ise", "ize").replace("isi", "izi")
        if word.endswith("tre"):
            word = f"{word[:-3]}ter"
    return _DOUBLED.sub(r"\1", word)


def name_of_title(text: str, language: str | None) -> str:
    """A title, or a part of one, as a name to compare: no article in front, ``&`` as the word, spellings squeezed."""
    if "&" in text or "+" in text:
        text = re.sub(r"\s*[&+]\s*", f" {CONJUNCTIONS.get(language or '', 'and')} ", text)
    articles = ARTICLES.get(language or "", ARTICLES["eng"])
    name, comma, last = text.rpartition(",")
    found = words(name if comma and last.strip(" .") in articles else text)
    while len(found) > 1 and found[0] in articles:
        del found[0]
    return " ".join(map(squeezed, found))


_TRANSLITERATIONS = (
    *(("tsch", "q"), ("tch", "q"), ("sch", "s"), ("sh", "s"), ("kh", "k"), ("ch", "k"), ("ck", "k"), ("c", "k")),
    *(("w", "v"), ("j", "i"), ("y", "i"), ("x", "ks"), ("z", "s"), ("th", "t"), ("ou", "u")),
)


@lru_cache(maxsize=1 << 16)
def spoken(word: str) -> str:
    """A word as the transliterations of a name share it: ``Wolkow`` and ``Volkov``, ``Sergej`` and ``Sergey``."""
    for written, heard in _TRANSLITERATIONS:
        word = word.replace(written, heard)
    return _DOUBLED.sub(r"\1", word)


_CLASSES = str.maketrans("bfpvgkqsdtlmnrhaeiou", "11112222334556000000")


@lru_cache(maxsize=1 << 16)
def sound(word: str) -> str:
    """A code that the spellings of a name share: whether it begins with a vowel, and its first consonants by class.

    It only gathers candidates: ``Dostoevsky``, ``Dostoyevsky`` and ``Dostojewski`` have one code, and so do others.
    """
    if not word.isascii():
        return word[:2]
    classes = _DOUBLED.sub(r"\1", spoken(word).translate(_CLASSES))
    return (classes[:1].replace("0", "a") + classes[1:].replace("0", ""))[:3]
