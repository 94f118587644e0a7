"""Delta: what has changed since a token was given out.

Of folders the tokens are EWS's sync states, in other clothes: they say which changes a client has
seen, so that nothing is lost or told twice between pages. Preferences and window are in the token
too. A token that means nothing any more is answered with 410 and where to begin anew.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import zlib
from collections.abc import Callable
from typing import TypeAlias
from urllib.parse import urlsplit

from .. import occurrences, sync, views
from ..errors import EwsError
from ..model import Folder, Item, Json
from ..views import View
from . import event_reading, odata, paging
from .context import Answer, Call
from .errors import GraphError
from .events import calendar_of

_DEFAULT = 50
_HISTORY = frozenset[int]()
_MOST_TOKENS = 500
_DIGEST = 9
# By an entry's number, the original starts of its occurrences.
Told: TypeAlias = dict[int, list[str]]


def pack(call: Call, held: Json) -> str:
    """A token's text: safe in an address, nothing that a client would read or could make."""
    body = zlib.compress(json.dumps(held).encode())
    return base64.urlsafe_b64encode(_digest(call, body) + body).decode().rstrip("=")


def _digest(call: Call, body: bytes) -> bytes:
    return hmac.new(call.state.ids.key, b"delta" + body, hashlib.sha256).digest()[:_DIGEST]


def unpack(call: Call, text: str) -> Json:
    """What a token holds. GraphError 410."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        digest, body = raw[:_DIGEST], raw[_DIGEST:]
        if not hmac.compare_digest(digest, _digest(call, body)):
            raise gone(call)
        return json.loads(zlib.decompress(body))
    except (ValueError, binascii.Error, zlib.error) as error:
        raise gone(call) from error


def gone(call: Call, low: str = "", high: str = "") -> GraphError:
    """The refusal of a token that means nothing (any more): begin anew, without it."""
    generation = call.state.account.sync_epoch
    place = f"{call.request.base}{call.request.path}"
    window = f"startDateTime={low}&endDateTime={high}&" if low else ""
    return GraphError(
        410,
        "SyncStateNotFound",
        f"The sync state generation is not found; generation={generation - 1};"
        f"[highest={generation}][{generation}].",
        (("Location", f"{place}?{window}$deltatoken="),),
    )


def token_of(call: Call) -> str:
    """The token of the request; empty when it begins."""
    return call.query.skiptoken or call.query.deltatoken


def answer(
    call: Call, value: list[Json], path: str, kind: str, *, token: Json, complete: bool
) -> Answer:
    """A page of changes with the link that goes on."""
    place = f"{call.request.base}{urlsplit(call.request.path).path}"
    name, option = ("deltaLink", "$deltatoken") if complete else ("nextLink", "$skiptoken")
    content = {
        "@odata.context": call.context(path),
        f"@odata.{name}": f"{place}?{option}={pack(call, token)}",
        "value": value,
    }
    return Answer(200, content, kind=kind, many=True)


def removed(call: Call, item: Item, original: str | None = None) -> Json:
    """A thing that is not there any more."""
    # To-do knows immutable ids alone.
    known = call.ids.immutable(item) if item.kind == "Task" else call.ids.item(item, original)
    return {"@odata.type": "#microsoft.graph.event", "id": known, "@removed": {"reason": "deleted"}}


def of_folder(
    call: Call,
    folder: Folder,
    item_kind: str,
    write: Callable[[Item], Json],
    path: str,
    kind: str,
    *,
    selects: bool = True,
) -> Answer:
    """The next page of changes in a folder. ``selects`` says whether $select is taken; it holds for
    all pages of the round, and of those to come."""
    call.refuse_options(path, selects=selects)
    token, state, size, select = token_of(call), "", _DEFAULT, list(call.query.select)
    if token:
        held = unpack(call, token)
        if held[0] != kind:
            raise gone(call)
        _, state, size, select = held
    size = call.page_size(size)
    try:
        page = sync.items(call.state, folder, state, size, _HISTORY)
    except EwsError as error:
        raise gone(call) from error
    value = []
    for change, item in page.changes:
        if item.kind != item_kind:
            continue
        if change == "Delete":
            made = removed(call, item)
            made["@odata.type"] = f"#microsoft.graph.{kind}"
            value.append(made)
        else:
            made = {"@odata.type": f"#microsoft.graph.{kind}", **write(item)}
            value.append(odata.select(made, select))
    token_out = [kind, page.state, size, select]
    return answer(call, value, path, kind, token=token_out, complete=page.complete)


def events(call: Call) -> Answer:
    """Single entries and series that have changed, without a window: which they are and where
    they lie, nothing more."""
    return of_folder(
        call,
        calendar_of(call),
        "CalendarItem",
        lambda item: event_reading.stub(call, views.of_item(item)),
        "events",
        "event",
        selects=False,
    )


def calendar_view(call: Call) -> Answer:
    """What has changed within a window: single entries, series masters and exceptions in full,
    other occurrences as stubs. What has left the window is told as removed."""
    call.refuse_options("CalendarView")
    folder, token, size = calendar_of(call), token_of(call), _DEFAULT
    state, told = "", Told()
    if token:
        held = unpack(call, token)
        if held[0] != "view":
            raise gone(call)
        _, state, low, high, known, size = held
        found = call.box.cloud.told.get(known)
        if found is None:
            raise gone(call, low, high)
        told = found
    else:
        low, high = paging.window(call)
    size = call.page_size(size)
    try:
        page = sync.items(call.state, folder, state, size, _HISTORY)
    except EwsError as error:
        raise gone(call, low, high) from error
    after, value = dict(told), list[Json]()
    for _, item in page.changes:
        if item.kind == "CalendarItem":
            value += _in_window(call, item, low, high, after)
    token_out = ["view", page.state, low, high, _keep(call, after), size]
    return answer(call, value, "calendarView", "event", token=token_out, complete=page.complete)


def _keep(call: Call, told: Told) -> str:
    """Remember what a client was told, for as long as its token is among the latest ones. It is
    never changed, so that the same token may be used again."""
    known = secrets.token_hex(8)
    kept = call.box.cloud.told
    kept[known] = told
    while len(kept) > _MOST_TOKENS:
        del kept[next(iter(kept))]
    return known


def _in_window(call: Call, item: Item, low: str, high: str, told: Told) -> list[Json]:
    """The lines of a changed entry. ``told`` are, by number, the entries that the client knows,
    each with the original starts of its occurrences."""
    before = told.pop(item.num, None)
    if item.gone:
        return [] if before is None else [removed(call, item)]
    made, starts = list[Json](), list[str]()
    if item.is_series:
        for slot, _, _ in occurrences.within(item, low, high):
            view = views.of_slot(item, slot)
            changed = view.type == "Exception"
            made.append(_full(call, view) if changed else event_reading.stub(call, view))
            starts.append(slot.start)
        if made:
            made.insert(0, _full(call, views.of_item(item)))
    elif occurrences.touches(item.props["Start"], item.props["End"], low, high):
        made.append(_full(call, views.of_item(item)))
    if made:
        told[item.num] = starts
    out = [removed(call, item, start) for start in before or () if start not in starts]
    if before is not None and not made:
        out.append(removed(call, item))
    return made + out


def _full(call: Call, view: View) -> Json:
    return {"@odata.type": "#microsoft.graph.event", **event_reading.full(call, view)}


def of_hierarchy(call: Call, kind: str, write: Callable[[Folder], Json], path: str) -> Answer:
    """Folders of a kind that have changed."""
    call.refuse_options(path)
    token, root = token_of(call), call.state.distinguished("msgfolderroot")
    state = ""
    if token:
        held = unpack(call, token)
        if held[0] != path:
            raise gone(call)
        state = str(held[1])
    try:
        page = sync.folders(call.state, root, state)
    except EwsError as error:
        raise gone(call) from error
    entity = path.removesuffix("s") if path != "lists" else "todoTaskList"
    named = f"#microsoft.graph.{entity}"
    value = []
    for change, folder in page.changes:
        if folder.kind != kind:
            continue
        if change == "Delete":
            known = call.ids.folder(folder.num)
            value.append({"@odata.type": named, "id": known, "@removed": {"reason": "deleted"}})
        else:
            value.append({"@odata.type": named, **write(folder)})
    return answer(call, value, path, entity, token=[path, page.state], complete=True)
