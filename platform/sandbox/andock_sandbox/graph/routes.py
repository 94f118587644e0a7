"""Graph's paths: what each is called, who answers it, which permission it needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from . import calendars, contacts, delta, events, people, subscriptions, todo
from .context import Handler
from .errors import GraphError

_KEYED = re.compile(r"([\w.$]+)\('([^']*)'\)")


@dataclass(frozen=True)
class Route:
    """``operation`` names the route in the log and for faults; ``locked`` says whether the handler
    runs under the sandbox's lock."""

    method: str
    path: tuple[str, ...]
    operation: str
    handler: Handler
    scope: str
    locked: bool = True


def _routes(homes: str, below: str, scope: str, *lines: tuple[str, str, Handler]) -> list[Route]:
    """Routes below each of some paths; a method that only reads needs the permission to read."""
    made = []
    for home in homes.split():
        path = tuple(f"{home}/{below}".strip("/").split("/"))
        for method, operation, handler in lines:
            way = "Read" if method == "GET" else "ReadWrite"
            made.append(Route(method, path, operation, handler, f"{scope}.{way}" if scope else ""))
    return made


_EVENTS = "me/events me/calendar/events me/calendars/{}/events"
_VIEWS = "me me/calendar me/calendars/{}"
_CONTACTS = "me/contacts me/contactFolders/{}/contacts"
_TASKS = "me/todo/lists/{}/tasks"

_ROUTES = [
    Route("GET", ("me",), "me.get", people.me, "User.Read"),
    *_routes(
        "me",
        "mailboxSettings",
        "MailboxSettings",
        ("GET", "mailboxSettings.get", people.settings),
    ),
    *_routes(
        "me",
        "mailboxSettings/timeZone",
        "MailboxSettings",
        ("GET", "mailboxSettings.timeZone", people.time_zone),
    ),
    Route(
        "POST", ("me", "translateExchangeIds"), "ids.translate", people.translate_ids, "User.Read"
    ),
    *_routes(
        "me/calendars",
        "",
        "Calendars",
        ("GET", "calendars.list", calendars.list_all),
        ("POST", "calendar.create", calendars.create),
    ),
    *_routes(
        "me/calendar me/calendars/{}",
        "",
        "Calendars",
        ("GET", "calendar.get", calendars.get),
        ("PATCH", "calendar.update", calendars.update),
        ("DELETE", "calendar.delete", calendars.delete),
    ),
    *_routes(
        _VIEWS, "calendarView", "Calendars", ("GET", "calendarView.list", events.calendar_view)
    ),
    *_routes(
        _VIEWS,
        "calendarView/delta",
        "Calendars",
        ("GET", "calendarView.delta", delta.calendar_view),
    ),
    *_routes(_EVENTS, "delta", "Calendars", ("GET", "events.delta", delta.events)),
    *_routes(
        _EVENTS,
        "",
        "Calendars",
        ("GET", "events.list", events.list_all),
        ("POST", "event.create", events.create),
    ),
    *_routes(
        _EVENTS,
        "{}",
        "Calendars",
        ("GET", "event.get", events.get),
        ("PATCH", "event.update", events.update),
        ("DELETE", "event.delete", events.delete),
    ),
    *_routes(_EVENTS, "{}/instances", "Calendars", ("GET", "event.instances", events.instances)),
    *_routes(_EVENTS, "{}/accept", "Calendars", ("POST", "event.accept", events.respond)),
    *_routes(_EVENTS, "{}/decline", "Calendars", ("POST", "event.decline", events.respond)),
    *_routes(
        _EVENTS, "{}/tentativelyAccept", "Calendars", ("POST", "event.tentative", events.respond)
    ),
    *_routes(_EVENTS, "{}/cancel", "Calendars", ("POST", "event.cancel", events.cancel)),
    *_routes(
        _EVENTS,
        "{}/extensions",
        "Calendars",
        ("GET", "extensions.list", events.list_extensions),
        ("POST", "extension.create", events.create_extension),
    ),
    *_routes(
        _EVENTS,
        "{}/extensions/{}",
        "Calendars",
        ("GET", "extension.get", events.get_extension),
        ("PATCH", "extension.update", events.update_extension),
        ("DELETE", "extension.delete", events.delete_extension),
    ),
    *_routes(_CONTACTS, "delta", "Contacts", ("GET", "contacts.delta", contacts.changes)),
    *_routes(
        _CONTACTS,
        "",
        "Contacts",
        ("GET", "contacts.list", contacts.list_all),
        ("POST", "contact.create", contacts.create),
    ),
    *_routes(
        _CONTACTS,
        "{}",
        "Contacts",
        ("GET", "contact.get", contacts.get),
        ("PATCH", "contact.update", contacts.update),
        ("DELETE", "contact.delete", contacts.delete),
    ),
    *_routes(
        _CONTACTS,
        "{}/photo/$value",
        "Contacts",
        ("GET", "photo.get", contacts.get_photo),
        ("PUT", "photo.put", contacts.put_photo),
        ("DELETE", "photo.delete", contacts.delete_photo),
    ),
    *_routes(
        "me/contactFolders",
        "delta",
        "Contacts",
        ("GET", "contactFolders.delta", contacts.folder_changes),
    ),
    *_routes(
        "me/contactFolders me/contactFolders/{}/childFolders",
        "",
        "Contacts",
        ("GET", "contactFolders.list", contacts.list_folders),
        ("POST", "contactFolder.create", contacts.create_folder),
    ),
    *_routes(
        "me/contactFolders",
        "{}",
        "Contacts",
        ("GET", "contactFolder.get", contacts.get_folder),
        ("PATCH", "contactFolder.update", contacts.update_folder),
        ("DELETE", "contactFolder.delete", contacts.delete_folder),
    ),
    *_routes("me/todo/lists", "delta", "Tasks", ("GET", "lists.delta", todo.list_changes)),
    *_routes(
        "me/todo/lists",
        "",
        "Tasks",
        ("GET", "lists.list", todo.lists),
        ("POST", "list.create", todo.create_list),
    ),
    *_routes(
        "me/todo/lists",
        "{}",
        "Tasks",
        ("GET", "list.get", todo.get_list),
        ("PATCH", "list.update", todo.update_list),
        ("DELETE", "list.delete", todo.delete_list),
    ),
    *_routes(_TASKS, "delta", "Tasks", ("GET", "tasks.delta", todo.changes)),
    *_routes(
        _TASKS,
        "",
        "Tasks",
        ("GET", "tasks.list", todo.list_all),
        ("POST", "task.create", todo.create),
    ),
    *_routes(
        _TASKS,
        "{}",
        "Tasks",
        ("GET", "task.get", todo.get),
        ("PATCH", "task.update", todo.update),
        ("DELETE", "task.delete", todo.delete),
    ),
    *_routes(
        _TASKS,
        "{}/linkedResources",
        "Tasks",
        ("GET", "linkedResources.list", todo.linked),
        ("POST", "linkedResource.create", todo.add_linked),
    ),
    Route("GET", ("subscriptions",), "subscriptions.list", subscriptions.list_all, ""),
    Route(
        "POST", ("subscriptions",), "subscription.create", subscriptions.create, "", locked=False
    ),
    Route("GET", ("subscriptions", "{}"), "subscription.get", subscriptions.get, ""),
    Route(
        "PATCH",
        ("subscriptions", "{}"),
        "subscription.update",
        subscriptions.update,
        "",
        locked=False,
    ),
    Route("DELETE", ("subscriptions", "{}"), "subscription.delete", subscriptions.delete, ""),
    Route(
        "POST",
        ("subscriptions", "{}", "reauthorize"),
        "subscription.reauthorize",
        subscriptions.reauthorize,
        "",
    ),
]
OPERATIONS = tuple(dict.fromkeys(["batch", *(route.operation for route in _ROUTES)]))


def segments(path: str) -> list[str]:
    """The parts of a path below the version; ``events('id')`` is the same as ``events/id``."""
    made: list[str] = []
    for part in path.strip("/").split("/")[1:]:
        text = unquote(part)
        keyed = _KEYED.fullmatch(text)
        if keyed:
            made += keyed.groups()
        else:
            made.append(text.removeprefix("microsoft.graph.").removesuffix("()"))
    return made


def find(method: str, parts: list[str]) -> tuple[Route, tuple[str, ...]]:
    """The route of a path and what its placeholders stand for. GraphError."""
    methods = set()
    for route in _ROUTES:
        if len(route.path) != len(parts):
            continue
        pairs = list(zip(route.path, parts, strict=True))
        if all(known == "{}" or known.lower() == part.lower() for known, part in pairs):
            if route.method == method:
                return route, tuple(part for known, part in pairs if known == "{}")
            methods.add(route.method)
    if methods:
        raise GraphError(
            405, "BadRequest", "Specified HTTP method is not allowed for the request target."
        )
    last = parts[-1] if parts else ""
    raise GraphError(400, "BadRequest", f"Resource not found for the segment '{last}'.")
