"""The frame around every page: the places in the top bar and the entries of the profile menu.

The shell knows no area by name: areas add themselves when they are registered.
"""

from dataclasses import dataclass, field
from typing import cast

from flask import Flask, current_app, request, url_for
from flask_babel import LazyString

from andock_core.accounts import Colleague, MemberInfo
from andock_web import current
from andock_web.language import LANGUAGES, language
from andock_web.redirects import own_referrer

_KEY = "andock_shell"
_PICTURE = "profile.picture"


@dataclass(frozen=True)
class Entry:
    """A link in the frame. `endpoint` belongs to a blueprint whose pages it stands for. `role`:
    only members with this role see it."""

    endpoint: str
    label: str | LazyString
    icon: str
    order: int
    key: str = ""
    role: str = ""

    @property
    def is_current(self) -> bool:
        """Whether the page being shown belongs to this entry."""
        return request.blueprint == self.endpoint.rpartition(".")[0]


@dataclass
class Frame:
    """What the frame shows."""

    places: list[Entry] = field(default_factory=list)
    menu: list[Entry] = field(default_factory=list)


def init_app(app: Flask) -> None:
    """Offer the frame to the templates."""
    app.extensions[_KEY] = Frame()
    app.context_processor(
        lambda: {
            "frame": app.extensions[_KEY],
            "member": current.member_or_none(),
            "language": language(),
            "languages": LANGUAGES,
            "here": _here(),
            "picture_of": picture_of,
        }
    )


def add_place(
    app: Flask,
    endpoint: str,
    label: str | LazyString,
    icon: str,
    order: int = 100,
    key: str = "",
) -> None:
    """Add a place to the top bar. `label` is a lazy translation, `icon` a name in icons/.

    `key`: the place is also reached by typing "g" and then this letter.
    """
    _add(_frame(app).places, Entry(endpoint, label, icon, order, key))


def add_menu_entry(
    app: Flask,
    endpoint: str,
    label: str | LazyString,
    icon: str,
    order: int = 100,
    role: str = "",
) -> None:
    """Add a link to the profile menu, above language and sign-out; `role` "admin": for the
    company's admins alone."""
    _add(_frame(app).menu, Entry(endpoint, label, icon, order, role=role))


def picture_of(person: MemberInfo | Colleague) -> str:
    """The address of somebody's profile picture; empty when there is none."""
    if not person.picture or _PICTURE not in current_app.view_functions:
        return ""
    return url_for(_PICTURE, member_id=person.id, v=person.picture)


def _here() -> str:
    """Where the switch of the language comes back to: this page, or the one a form came from."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return own_referrer() or "/"


def _frame(app: Flask) -> Frame:
    return cast(Frame, app.extensions[_KEY])


def _add(entries: list[Entry], entry: Entry) -> None:
    entries.append(entry)
    entries.sort(key=lambda each: each.order)


def home_url() -> str | None:
    """Where the name in the top bar leads: the first place, else the profile menu's first page."""
    frame = _frame(current_app)
    entries = frame.places or frame.menu
    return url_for(entries[0].endpoint) if entries else None
