"""A preview as its page shows it: sentences with numbers and examples."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _, ngettext

from andock_core.calendar.expand import CannotExpand, interval_of
from andock_core.runs.forecast import Example, Forecast
from andock_core.sync.preview import Effect
from andock_sdk import Slot
from andock_web import formats
from andock_web.lines import one_line


@dataclass(frozen=True)
class Figure:
    """One of the large numbers on top. `state`: plain, or mind for what one should look at."""

    label: str
    number: str
    state: str = "plain"


@dataclass(frozen=True)
class Row:
    """One sentence: what becomes of how many, where they lie, and the first few by title."""

    icon: str
    sentence: str
    state: str
    parts: tuple[str, ...]
    examples: tuple[str, ...]
    more: str


@dataclass(frozen=True)
class Foreseen:
    """The whole preview. `mails` is said always."""

    figures: tuple[Figure, ...]
    rows: tuple[Row, ...]
    mails: str
    mailing: bool


def foreseen(forecast: Forecast) -> Foreseen:
    """What the page shows of a forecast."""
    rows = tuple(
        _row(forecast, effect, icon, state, say)
        for effect, (icon, state, say) in _SENTENCES.items()
        if forecast.count(effect)
    )
    deleted = forecast.count("deletes_here", "deletes_there", "leaves_here")
    figures = (
        Figure(_("Come in"), formats.count(forecast.count("comes"))),
        Figure(_("Go out"), formats.count(forecast.count("goes"))),
        Figure(_("Changed"), formats.count(forecast.count("changes_here", "changes_there"))),
        Figure(_("Deleted"), formats.count(deleted), "mind" if deleted else "plain"),
        Figure(_("E-mails"), formats.count(forecast.mails), "mind" if forecast.mails else "plain"),
    )
    return Foreseen(figures, rows, _mails(forecast), mailing=forecast.mails > 0)


def _mails(forecast: Forecast) -> str:
    if not forecast.mails:
        return str(_("0 e-mails will be sent."))
    said: str = ngettext(
        "Up to %(num)d e-mail will be sent to attendees in your name.",
        "Up to %(num)d e-mails will be sent to attendees in your name.",
        forecast.mails,
    )
    return said


def _row(
    forecast: Forecast, effect: Effect, icon: str, state: str, say: Callable[[int], str]
) -> Row:
    count = forecast.count(effect)
    parts = [part for part in forecast.parts if effect in part.found]
    examples = forecast.examples(effect)
    left = count - len(examples)
    more = ngettext("and %(num)d more", "and %(num)d more", left) if left and examples else ""
    return Row(
        icon=icon,
        sentence=say(count),
        state=state,
        parts=tuple(
            f"{one_line(part.name) or _('A calendar')}: {formats.count(part.found[effect].count)}"
            for part in parts
        ),
        examples=tuple(_example(example) for example in examples),
        more=more,
    )


def _example(example: Example) -> str:
    title = one_line(example.title) or str(_("Without a title"))
    when = _when(example.when) if example.when else ""
    return f"{title} ({when})" if when else title


def _when(slot: Slot) -> str:
    try:
        if slot.all_day:
            return formats.on_date(date.fromisoformat(slot.start))
        return formats.at(interval_of(slot, "", "busy").start_at)
    except (CannotExpand, ValueError, OverflowError):
        return ""


_SENTENCES: dict[Effect, tuple[str, str, Callable[[int], str]]] = {
    "comes": (
        "inbox",
        "plain",
        lambda n: ngettext("%(num)d item comes into Andock.", "%(num)d items come into Andock.", n),
    ),
    "goes": (
        "external-link",
        "plain",
        lambda n: ngettext(
            "%(num)d item goes from Andock to the other side.",
            "%(num)d items go from Andock to the other side.",
            n,
        ),
    ),
    "same": (
        "link",
        "plain",
        lambda n: ngettext(
            "%(num)d item is on both sides already. It is joined, not doubled.",
            "%(num)d items are on both sides already. They are joined, not doubled.",
            n,
        ),
    ),
    "changes_here": (
        "pencil",
        "plain",
        lambda n: ngettext("%(num)d item changes in Andock.", "%(num)d items change in Andock.", n),
    ),
    "changes_there": (
        "pencil",
        "plain",
        lambda n: ngettext(
            "%(num)d item changes on the other side.",
            "%(num)d items change on the other side.",
            n,
        ),
    ),
    "conflicts": (
        "info",
        "mind",
        lambda n: ngettext(
            "%(num)d item was changed on both sides. Your settings say what counts; the rest is "
            "kept in the journal.",
            "%(num)d items were changed on both sides. Your settings say what counts; the rest is "
            "kept in the journal.",
            n,
        ),
    ),
    "deletes_here": (
        "trash-2",
        "mind",
        lambda n: ngettext(
            "%(num)d item is deleted in Andock, because it is gone on the other side.",
            "%(num)d items are deleted in Andock, because they are gone on the other side.",
            n,
        ),
    ),
    "deletes_there": (
        "trash-2",
        "mind",
        lambda n: ngettext(
            "%(num)d item is deleted on the other side, because it is gone in Andock.",
            "%(num)d items are deleted on the other side, because they are gone in Andock.",
            n,
        ),
    ),
    "leaves_here": (
        "trash-2",
        "mind",
        lambda n: ngettext(
            "%(num)d item leaves Andock, because what it came from is no longer chosen. It stays "
            "on the other side.",
            "%(num)d items leave Andock, because what they came from is no longer chosen. They "
            "stay on the other side.",
            n,
        ),
    ),
    "held_here": (
        "clock",
        "mind",
        lambda n: ngettext(
            "%(num)d item would be deleted in Andock. That is many at once, so it waits until you "
            "decide.",
            "%(num)d items would be deleted in Andock. That is many at once, so they wait until "
            "you decide.",
            n,
        ),
    ),
    "held_there": (
        "clock",
        "mind",
        lambda n: ngettext(
            "%(num)d item would be deleted on the other side. That is many at once, so it waits "
            "until you decide.",
            "%(num)d items would be deleted on the other side. That is many at once, so they wait "
            "until you decide.",
            n,
        ),
    ),
    "held_mail": (
        "mail-x",
        "mind",
        lambda n: ngettext(
            "%(num)d item waits until you decide: the other side would mail its attendees.",
            "%(num)d items wait until you decide: the other side would mail their attendees.",
            n,
        ),
    ),
    "alike": (
        "copy",
        "mind",
        lambda n: ngettext(
            "%(num)d new item looks like another one: the same title at the same time. Both stay.",
            "%(num)d new items look like another one: the same title at the same time. All stay.",
            n,
        ),
    ),
    "unread": (
        "triangle-alert",
        "mind",
        lambda n: ngettext(
            "%(num)d item cannot be taken over. It stays where it is.",
            "%(num)d items cannot be taken over. They stay where they are.",
            n,
        ),
    ),
    "twin": (
        "repeat",
        "plain",
        lambda n: ngettext(
            "%(num)d item is in Andock already, by another connection to the same mailbox.",
            "%(num)d items are in Andock already, by another connection to the same mailbox.",
            n,
        ),
    ),
    "outside": (
        "calendar-days",
        "plain",
        lambda n: ngettext(
            "%(num)d item lies outside your window of time and is left alone.",
            "%(num)d items lie outside your window of time and are left alone.",
            n,
        ),
    ),
}
"""Icon, state and sentence, in the order of the page."""
