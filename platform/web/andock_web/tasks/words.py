"""The tasks' sentences for what cannot be done."""

from flask_babel import LazyString, lazy_gettext as _l

_WORDS: dict[str, tuple[LazyString, LazyString]] = {
    "task.changed": (
        _l("This task changed meanwhile."),
        _l("Nothing was saved. Look at what is there now, and make your change again."),
    ),
    "task.gone": (
        _l("This task is no longer there."),
        _l("It was deleted meanwhile. Nothing was changed."),
    ),
    "task.too_late": (
        _l("It is too late to take this back."),
        _l("A deleted task can be brought back for ten minutes."),
    ),
    "title.missing": (_l("Please say what is to be done."), _l("A few words are enough.")),
    "title.long": (
        _l("This is too long for a task. At most 255 characters fit."),
        _l("Put the rest into the notes."),
    ),
    "day.unusable": (_l("This is no day."), _l("For example 24.11.2026.")),
    "time.unusable": (_l("This is no time."), _l("For example 09:00.")),
    "notes.long": (_l("The notes are too long."), _l("Please shorten them.")),
}


def words(key: str) -> tuple[str, str]:
    """Title and advice for a message key."""
    title, advice = _WORDS[key]
    return str(title), str(advice)
