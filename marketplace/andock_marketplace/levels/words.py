"""The words for the levels of the contract, in the reader's language."""

from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext as _l, ngettext

from andock_core.host import Listed
from andock_sdk.contract import Level

_LABEL = _l("Tested")
_WORDS: dict[Level, tuple[LazyString, LazyString]] = {
    "bronze": (
        _l("Bronze"),
        _l(
            "Its publisher says that it passes Andock's basic tests: a wrong password fails, "
            "nothing is written twice, and nobody's change is overwritten."
        ),
    ),
    "silver": (
        _l("Silver"),
        _l(
            "Its publisher says that it passes Andock's basic tests and those of bad days: it "
            "survives failures of the other side, keeps time zones, whole days and series, and "
            "mails nobody unasked."
        ),
    ),
    "gold": (
        _l("Gold"),
        _l(
            "Its publisher says that it passes all of Andock's tests: also long lists, other "
            "programs at work in the same mailbox, and Andock's own proof that nothing is lost "
            "or doubled."
        ),
    ),
}


@dataclass(frozen=True)
class LevelWords:
    """A level as pages show it: what to call it, what it means, and what it leaves out."""

    key: Level
    label: str
    name: str
    meaning: str
    exempt: str


def level_of(listed: Listed) -> LevelWords | None:
    """The words for an integration's level, None when its publisher claims none."""
    if not listed.level or listed.broken:
        return None
    name, meaning = _WORDS[listed.level]
    number = len(listed.exempt)
    exempt = ngettext(
        "It leaves out %(num)d test and says why.",
        "It leaves out %(num)d tests and says why.",
        number,
    )
    return LevelWords(listed.level, str(_LABEL), str(name), str(meaning), exempt if number else "")
