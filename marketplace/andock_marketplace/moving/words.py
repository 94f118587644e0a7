"""The words for moving a connection."""

from collections.abc import Callable

from flask_babel import LazyString, gettext as _, lazy_gettext as _l, ngettext

from andock_core.moving.prospect import Prospect, ProspectPart

ERRORS: dict[str, tuple[LazyString, LazyString]] = {
    "moving.not_moving": (
        _l("This move cannot go on."),
        _l("It was ended, taken back or never begun. The connection's page shows how things are."),
    ),
    "moving.running": (
        _l("A synchronisation is under way."),
        _l("Nothing was changed. Wait until it has ended, then try again."),
    ),
    "moving.unsettled": (
        _l("The last synchronisation of the old side broke off."),
        _l(
            "Andock does not know yet what became of its last change. Synchronise the old "
            "connection once, then switch over. If the old side answers no more, you can switch "
            "over an hour after that change."
        ),
    ),
    "moving.unread": (
        _l("Something on the new side cannot be read."),
        _l(
            "It could be one of your own entries, which would then be there twice. Repair or "
            "delete what cannot be read over there, then look again."
        ),
    ),
    "moving.most_missing": (
        _l("Most of what Andock knows is not there."),
        _l(
            "Is it the right mailbox? If you switch over all the same, what came from the old side "
            "stays in Andock, and what Andock made is made there."
        ),
    ),
    "moving.twice": (
        _l("The same place was chosen twice."),
        _l("On the new side each calendar and each folder takes over from one."),
    ),
    "moving.incomplete": (
        _l("The new side did not name all that it has."),
        _l("Nothing was changed. Try again in a few minutes."),
    ),
}


def state_label(state: str) -> str:
    """The state of a connection that has to do with a move."""
    return str(_("Replaced") if state == "parked" else _("Move not finished"))


def to_do(state: str) -> str:
    """What its owner can do with it."""
    if state == "parked":
        return str(_("Another connection has taken its place. You can still go back."))
    return str(_("This connection is to take the place of another one. Nothing runs yet."))


def figures(found: Prospect) -> list[dict[str, str | int]]:
    """The numbers that tell most, in their order."""
    shown = {
        "paired": _("On both sides"),
        "differing": _("Of these different"),
        "only_old": _("Only on the old side"),
        "only_new": _("Only on the new side"),
    }
    told: list[dict[str, str | int]] = [
        {"label": str(label), "number": found.count(name), "state": "plain"}
        for name, label in shown.items()
    ]
    if waiting := found.count("waiting"):
        told.append({"label": str(_("Wait for you")), "number": waiting, "state": "mind"})
    return told


def sentences(part: ProspectPart) -> list[str]:
    """What the first run would do in one calendar or folder."""
    say: dict[str, Callable[[int], str]] = {
        "created_here": lambda n: ngettext(
            "%(num)d comes into Andock.", "%(num)d come into Andock.", n
        ),
        "created_there": lambda n: ngettext(
            "%(num)d is made on the new side.", "%(num)d are made on the new side.", n
        ),
        "changed_here": lambda n: ngettext(
            "%(num)d changes in Andock.", "%(num)d change in Andock.", n
        ),
        "changed_there": lambda n: ngettext(
            "%(num)d changes on the new side.", "%(num)d change on the new side.", n
        ),
        "deleted_here": lambda n: ngettext(
            "%(num)d is deleted in Andock.", "%(num)d are deleted in Andock.", n
        ),
        "deleted_there": lambda n: ngettext(
            "%(num)d is deleted on the new side.", "%(num)d are deleted on the new side.", n
        ),
        "waiting": lambda n: ngettext(
            "%(num)d waits for your decision, because attendees could be mailed.",
            "%(num)d wait for your decision, because attendees could be mailed.",
            n,
        ),
        "unread": lambda n: ngettext(
            "%(num)d cannot be read on the new side.", "%(num)d cannot be read on the new side.", n
        ),
    }
    said = [line(part.count(name)) for name, line in say.items() if part.count(name)]
    if stays := part.count("stays"):
        said.append(
            ngettext(
                "%(num)d is not on the new side and stays in Andock as it is.",
                "%(num)d are not on the new side and stay in Andock as they are.",
                stays,
            )
        )
    paired = part.count("paired")
    if paired:
        said.insert(0, ngettext("%(num)d is recognised.", "%(num)d are recognised.", paired))
    return [str(sentence) for sentence in said] or [str(_("Nothing is there on either side."))]


def mails(number: int) -> str:
    """How many e-mails would be sent."""
    if not number:
        return str(_("0 e-mails will be sent."))
    return str(
        ngettext(
            "At most %(num)d e-mail will be sent, because you switched invitations on.",
            "At most %(num)d e-mails will be sent, because you switched invitations on.",
            number,
        )
    )
