"""The calls' sentences: what came of a call, and what cannot be done."""

from flask_babel import LazyString, lazy_gettext as _l

OUTCOMES: dict[str, LazyString] = {
    "reached": _l("Reached"),
    "not_reached": _l("Not reached"),
    "callback": _l("Will call back"),
    "message": _l("Left a message"),
}

_WORDS: dict[str, tuple[LazyString, LazyString]] = {
    "call.changed": (
        _l("This call changed meanwhile."),
        _l("Nothing was saved. Look at what is there now, and make your change again."),
    ),
    "call.gone": (
        _l("This call is no longer there."),
        _l("It was deleted meanwhile. Nothing was changed."),
    ),
    "call.too_late": (
        _l("It is too late to take this back."),
        _l("A deleted call can be brought back for ten minutes."),
    ),
    "whom.missing": (_l("Please say whom you call."), _l("A name or a number is enough.")),
    "whom.long": (_l("This name is too long."), _l("At most 255 characters fit.")),
    "number.unusable": (_l("This is no telephone number."), _l("For example +49 40 123456.")),
    "day.unusable": (_l("This is no day."), _l("For example 24.11.2026.")),
    "time.unusable": (_l("This is no time."), _l("For example 09:00.")),
    "time.missing": (_l("Please choose a time, too."), _l("Or leave both empty.")),
    "minutes.unusable": (_l("From 1 to 1440 minutes."), _l("A day has no more.")),
    "notes.long": (_l("The notes are too long."), _l("Please shorten them.")),
}


def words(key: str) -> tuple[str, str]:
    """Title and advice for a message key."""
    title, advice = _WORDS[key]
    return str(title), str(advice)


def outcome_words(outcome: str) -> str:
    """What came of a call; empty when nothing was noted."""
    return str(OUTCOMES[outcome]) if outcome in OUTCOMES else outcome


def outcome_choices() -> list[dict[str, str]]:
    """The choices of a form."""
    nothing = {"value": "", "label": str(_l("Nothing noted"))}
    return [nothing, *({"value": key, "label": str(word)} for key, word in OUTCOMES.items())]
