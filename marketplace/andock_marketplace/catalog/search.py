"""Finds integrations as one types: half words, typos, both languages. Pure.

Every word of the query is looked up among the words of a listing. It matches a word that contains
it, or one that begins like it apart from a few slips (a transposition is one slip). A listing is
found when most of the query's words match; better places (the title) and better matches rank it
higher.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rapidfuzz.distance import OSA

T = TypeVar("T")

MOST = 0.6
"""The share of the query's words that must match: two of two, two of three."""
LONGEST_QUERY = 200
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Indexed(Generic[T]):
    """A thing with the words it can be found by, the weightiest group first."""

    thing: T
    groups: tuple[tuple[float, frozenset[str]], ...]


def index(thing: T, *groups: tuple[float, Iterable[str]]) -> Indexed[T]:
    """`groups` are (weight, texts): a title weighs more than a summary."""
    return Indexed(thing, tuple((w, frozenset(_words(" ".join(texts)))) for w, texts in groups))


def search(query: str, things: Sequence[Indexed[T]]) -> list[T]:
    """The things found, best first; all of them, in their order, for an empty query."""
    wanted = list(_words(query[:LONGEST_QUERY]))
    if not wanted:
        return [each.thing for each in things]
    scored = [(score, each.thing) for each in things if (score := _score(wanted, each))]
    return [thing for _, thing in sorted(scored, key=lambda pair: -pair[0])]


def fold(text: str) -> str:
    """One spelling for comparing: no case, no accents ("Übersicht" → "ubersicht")."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def _words(text: str) -> Iterator[str]:
    yield from _WORD.findall(fold(text))


def _score(wanted: Sequence[str], each: Indexed[T]) -> float:
    best = [
        max((w * _match(word, words) for w, words in each.groups), default=0) for word in wanted
    ]
    matched = [score for score in best if score]
    return sum(best) if len(matched) >= MOST * len(wanted) else 0


def _match(wanted: str, words: frozenset[str]) -> float:
    return max((_likeness(wanted, word) for word in words), default=0)


def _likeness(wanted: str, word: str) -> float:
    """1 for the word itself, less for its beginning, a part of it, or with slips; 0 for none."""
    if wanted == word:
        return 1
    if word.startswith(wanted):
        return 0.9
    if len(wanted) >= 3 and wanted in word:
        return 0.7
    slips = _allowed_slips(wanted)
    if not slips:
        return 0
    # Half a word with a slip in it: compare with as many letters as were typed, or one more or less
    beginnings = {word, *(word[: len(wanted) + more] for more in (-1, 0, 1))}
    fewest = min(OSA.distance(wanted, start, score_cutoff=slips) for start in beginnings)
    return 0.6 - 0.1 * fewest if fewest <= slips else 0


def _allowed_slips(wanted: str) -> int:
    return 0 if len(wanted) < 4 else 1 if len(wanted) < 7 else 2
