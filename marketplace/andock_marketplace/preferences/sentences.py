"""The settings of a connection as whole sentences: those to choose from, and those that hold."""

from flask_babel import gettext as _, ngettext

from andock_core.connections.preferences import Preferences

Option = dict[str, str]


def direction(title: str) -> list[Option]:
    """Which way changes travel."""
    return [
        {
            "value": "both",
            "label": _("Andock and %(title)s keep each other up to date.", title=title),
        },
        {
            "value": "in",
            "label": _(
                "Andock takes over what happens in %(title)s and writes nothing there.", title=title
            ),
        },
        {
            "value": "out",
            "label": _(
                "%(title)s gets what happens in Andock, and nothing comes back.", title=title
            ),
            "hint": _("Calendars that you import keep coming in."),
        },
    ]


def winner(title: str) -> list[Option]:
    """Who wins where both sides changed the same."""
    return [
        {
            "value": "theirs",
            "label": _(
                "If the same thing was changed on both sides, %(title)s counts.", title=title
            ),
        },
        {
            "value": "ours",
            "label": _("If the same thing was changed on both sides, Andock counts."),
        },
    ]


def invitations() -> list[Option]:
    """Whether attendees are told."""
    return [
        {
            "value": "",
            "label": _("Andock sends no e-mails in your name."),
            "hint": _("Attendees do not hear of what you change in Andock."),
        },
        {
            "value": "1",
            "label": _("Attendees are invited, and told of changes and cancellations."),
            "hint": _(
                "The other side sends these e-mails in your name, if it can. The preview says how "
                "many there would be."
            ),
        },
    ]


def new_visible() -> list[Option]:
    """What becomes of new entries in the one calendar."""
    return [
        {
            "value": "",
            "label": _("What is new in the calendar in step arrives as a private block."),
            "hint": _("Colleagues see only that time is taken, until you make it visible."),
        },
        {
            "value": "1",
            "label": _("What is new in the calendar in step arrives as a visible appointment."),
            "hint": _("Colleagues can read it. What is marked private stays a private block."),
        },
    ]


def window(wanted: Preferences) -> str:
    """The time that is kept in step."""
    back = ngettext("%(num)d month back", "%(num)d months back", wanted.months_back)
    ahead = ngettext("%(num)d month ahead", "%(num)d months ahead", wanted.months_ahead)
    return str(_("Andock looks %(back)s and %(ahead)s.", back=back, ahead=ahead))


def holding(wanted: Preferences, title: str) -> list[str]:
    """All that holds now, one sentence each."""
    chosen = (
        (direction(title), wanted.direction),
        (winner(title), wanted.winner),
        (new_visible(), "1" if wanted.new_visible else ""),
        (invitations(), "1" if wanted.invitations else ""),
    )
    said = [_label(options, value) for options, value in chosen]
    return [said[0], window(wanted), *said[1:]]


def _label(options: list[Option], value: str) -> str:
    return next(option["label"] for option in options if option["value"] == value)
