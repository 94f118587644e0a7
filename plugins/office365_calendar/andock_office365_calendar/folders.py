"""The calendars, folders of contacts and lists of tasks that a grant reaches."""

from urllib.parse import quote

from andock_office365_calendar.client import Client, Json
from andock_sdk import Collection, errors

_MOST_PAGES = 50
CONTACTS, TASKS = "Contacts.ReadWrite", "Tasks.ReadWrite"
_FLAGGED = "flaggedEmails"
"""A list of To Do that holds mails."""


def collections(client: Client, facts: dict[str, str]) -> list[Collection]:
    """All calendars, the mailbox's own first; folders of contacts and lists of tasks when the grant
    reaches them."""
    found = [_calendar(one) for one in _all(client, "/me/calendars?$top=100")]
    if CONTACTS in facts.get("scopes", "").split():
        own = client.get("/me/contactFolders/contacts")
        found.append(_folder(own, default=True))
        path = f"/me/contactFolders/{quote(str(own['id']), safe='')}/childFolders?$top=100"
        seen = {str(own["id"])}
        for one in (*_all(client, "/me/contactFolders?$top=100"), *_all(client, path)):
            if str(one["id"]) not in seen:
                seen.add(str(one["id"]))
                found.append(_folder(one, default=False))
    if TASKS in facts.get("scopes", "").split():
        lists = _all(client, "/me/todo/lists?$top=100")
        found += [_list(one) for one in lists if one.get("wellknownListName") != _FLAGGED]
    return sorted(found, key=lambda each: (each.kind, not each.default))


def _calendar(one: Json) -> Collection:
    return Collection(
        ref=str(one["id"]),
        name=str(one.get("name") or ""),
        writable=bool(one.get("canEdit", True)),
        default=bool(one.get("isDefaultCalendar")),
    )


def _folder(one: Json, *, default: bool) -> Collection:
    name = str(one.get("displayName") or "")
    return Collection(ref=str(one["id"]), name=name, kind="contacts", default=default)


def _list(one: Json) -> Collection:
    return Collection(
        ref=str(one["id"]),
        name=str(one.get("displayName") or ""),
        kind="tasks",
        default=one.get("wellknownListName") == "defaultList",
    )


def _all(client: Client, path: str) -> list[Json]:
    """All pages of a list. Raises Transient for one that never ends."""
    found: list[Json] = []
    for _ in range(_MOST_PAGES):
        page = client.get(path)
        found += page.get("value") or ()
        path = str(page.get("@odata.nextLink") or "")
        if not path:
            return found
    raise errors.Transient("answer.broken", "a list without an end")
