"""A connection that needs its member: the notice, and the banner on every page until then."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, request, url_for
from flask_babel import gettext as _

from andock_core.connections import alarm
from andock_web import current
from andock_web.language import language
from andock_web.lines import one_line
from andock_web.notices import add_kind
from andock_web.notices.words import Told
from andock_web.shell import Banner, add_banner

_SAID_THERE = "marketplace.mine"
"""A page that says it already."""


def register(app: Flask) -> None:
    """Add the words of the notice, and the banner."""
    add_kind(app, alarm.KIND, _told)
    add_banner(app, _banners)


def _told(facts: Mapping[str, Any]) -> Told:
    number, slug = str(facts.get("connection", "")), str(facts.get("integration", ""))
    title, text = _words(slug, str(facts.get("error", "")))
    return Told(title, text, url_for("connections.show", connection_id=number), _("Mend it"))


def _banners() -> list[Banner]:
    """One for each connection, except on the connection's own pages."""
    if request.endpoint == _SAID_THERE:
        return []
    here = (request.view_args or {}).get("connection_id")
    found = []
    for one in alarm.waiting(current.core().storage, current.scope()):
        if one.id != here:
            title, text = _words(one.integration, one.error)
            href = url_for("connections.show", connection_id=one.id)
            found.append(Banner(title, text, href, _("Mend it")))
    return found


def _words(slug: str, error: str) -> tuple[str, str]:
    from andock_marketplace.words import words_for

    listed = current.core().catalog.get(slug)
    listing = listed.listing if listed else None
    name = one_line(listing.title.to(language())) if listing else slug
    said = words_for(error, listing)
    return _("%(title)s needs you.", title=name), f"{said.title} {said.advice}"
