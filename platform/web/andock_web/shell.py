"""The frame around every page: the places in the top bar and the entries of the profile menu.

The shell knows no area by name: areas add themselves when they are registered.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

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
    only members with this role see it. `counts` says how much waits there, 0 for nothing;
    `loud`: the profile picture shows it too."""

    endpoint: str
    label: str | LazyString
    icon: str
    order: int
    key: str = ""
    role: str = ""
    counts: Callable[[], int] | None = None
    loud: bool = False

    @property
    def count(self) -> int:
        """How much waits there. Asks the database where the entry counts at all."""
        return self.counts() if self.counts else 0

    @property
    def is_current(self) -> bool:
        """Whether the page being shown belongs to this entry."""
        return request.blueprint == self.endpoint.rpartition(".")[0]


@dataclass
class Frame:
    """What the frame shows. `admin` are the pages of the company's administration: one entry of
    the menu, tabs on each of them. `sign_in` are links below the sign-in form."""

    places: list[Entry] = field(default_factory=list)
    menu: list[Entry] = field(default_factory=list)
    admin: list[Entry] = field(default_factory=list)
    sign_in: list[Entry] = field(default_factory=list)

    def menu_for(self, member: MemberInfo) -> list[Entry]:
        """The menu's entries that this member sees."""
        return [entry for entry in self.menu if not entry.role or entry.role == member.role]

    def alarms(self, member: MemberInfo) -> int:
        """What the profile picture counts."""
        return sum(entry.count for entry in self.menu_for(member) if entry.loud)


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
            "admin_tabs": admin_tabs,
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
    counts: Callable[[], int] | None = None,
    loud: bool = False,
) -> None:
    """Add a link to the profile menu, above language and sign-out; `role` "admin": for the
    company's admins alone. For `counts` and `loud` see `Entry`."""
    entry = Entry(endpoint, label, icon, order, role=role, counts=counts, loud=loud)
    _add(_frame(app).menu, entry)


def add_admin_page(
    app: Flask,
    endpoint: str,
    label: str | LazyString,
    icon: str,
    order: int = 100,
    counts: Callable[[], int] | None = None,
) -> None:
    """Add a page to the company's administration. Its template extends "shell/admin.html" and
    fills the block `admin`; the view itself refuses whoever is no admin. Further pages below it
    are endpoints that begin with the same name: `admin.connections`, `admin.connections_end`."""
    _add(_frame(app).admin, Entry(endpoint, label, icon, order, role="admin", counts=counts))


def add_sign_in_link(app: Flask, endpoint: str, label: str | LazyString, order: int = 100) -> None:
    """Add a link below the sign-in form."""
    _add(_frame(app).sign_in, Entry(endpoint, label, "", order))


def admin_tabs() -> list[dict[str, Any]]:
    """The administration's pages, for `ui.tabs`."""
    entries = _frame(current_app).admin
    return [
        {
            "label": entry.label,
            "href": url_for(entry.endpoint),
            "current": _is_here(entry, entries),
            "count": entry.count or None,
        }
        for entry in entries
    ]


def _is_here(entry: Entry, entries: list[Entry]) -> bool:
    """A blueprint may have several of the pages, or one of them alone."""
    blueprint = entry.endpoint.rpartition(".")[0]
    alone = [each for each in entries if each.endpoint.startswith(f"{blueprint}.")] == [entry]
    return (request.endpoint or "").startswith(blueprint + "." if alone else entry.endpoint)


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
