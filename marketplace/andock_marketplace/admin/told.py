"""What the marketplace's notices say."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _

from andock_marketplace.admin.area import title_of
from andock_web.notices import add_kind
from andock_web.notices.words import Told

Facts = Mapping[str, Any]


def add_kinds(app: Flask) -> None:
    """Say what the notices about integrations say."""
    for kind, describe in _KINDS.items():
        add_kind(app, kind, describe)


def _asked(facts: Facts) -> Told:
    said = {"who": facts.get("who", ""), "title": _title(facts)}
    title = _("%(who)s would like to use %(title)s.", **said)
    return Told(title, _word(facts), url_for("admin.requests"), _("Answer"))


def _approved(facts: Facts) -> Told:
    title = _("You may use %(title)s now.", title=_title(facts))
    return Told(title, _word(facts), _page(facts), _("Add it"))


def _declined(facts: Facts) -> Told:
    title = _("Your request for %(title)s was declined.", title=_title(facts))
    return Told(title, _word(facts), _page(facts), _("Open"))


def _stopped(facts: Facts) -> Told:
    return Told(
        _("Your company has switched %(title)s off.", title=_title(facts)),
        _("Your connection pauses. Nothing is deleted; it goes on when it is switched on again."),
        url_for("marketplace.mine"),
        _("Open my integrations"),
    )


def _resumed(facts: Facts) -> Told:
    return Told(
        _("Your company has switched %(title)s on again.", title=_title(facts)),
        _("Your connection goes on by itself."),
        url_for("marketplace.mine"),
        _("Open my integrations"),
    )


def _access(facts: Facts) -> Told:
    return Told(
        _("%(title)s asks for new access.", title=_title(facts)),
        _("Your connection waits until you have seen what is new and agreed to it."),
        url_for("connections.new_access", connection_id=facts.get("connection", "")),
        _("See what is new"),
    )


def _ended(facts: Facts) -> Told:
    kept = (
        _("What was imported stays in Andock, no longer in step.")
        if facts.get("kept")
        else _("What was imported is gone from Andock; the other side still has it.")
    )
    stays = _("The stored access is destroyed. Your own appointments stay on both sides.")
    title = _("Your company has disconnected your %(title)s.", title=_title(facts))
    return Told(title, f"{stays} {kept}", _page(facts), _("Open"))


_KINDS = {
    "request.asked": _asked,
    "request.approved": _approved,
    "request.declined": _declined,
    "connection.stopped": _stopped,
    "connection.resumed": _resumed,
    "access.asked": _access,
    "connection.ended": _ended,
}


def _title(facts: Facts) -> str:
    return title_of(str(facts.get("integration", "")))


def _word(facts: Facts) -> str:
    word = str(facts.get("word", ""))
    return _("“%(word)s”", word=word) if word else ""


def _page(facts: Facts) -> str:
    return url_for("marketplace.detail", slug=str(facts.get("integration", "")))
