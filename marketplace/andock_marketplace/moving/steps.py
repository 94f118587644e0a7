"""The steps of a move, for the head of each of its pages."""

from flask import url_for
from flask_babel import gettext as _

GOAL, ACCESS, TEST, CHOICE, PREVIEW = range(1, 6)
"""Their numbers."""


def heading(title: str) -> str:
    """What the pages of access and test are called in a move."""
    return str(_("Move to %(title)s", title=title))


def steps(new_id: str) -> list[dict[str, str]]:
    """All five. Before the new connection is begun (no id) none has an address."""
    places = {
        _("Where to"): "",
        _("Access"): "wizard.access",
        _("Test"): "wizard.test",
        _("Choice"): "moving.choice",
        _("Preview"): "moving.preview",
    }
    return [
        {"label": label, "href": url_for(place, connection_id=new_id) if place and new_id else ""}
        for label, place in places.items()
    ]
