"""SyncState: what a client has seen of a folder, and the next page of what it has not.

A state lists the spans of change numbers that were handed out. The log is walked from its newest
line down, spans already seen are skipped, so changes that happen between two pages come first and
nothing is lost or told twice.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import zlib
from bisect import bisect_right
from dataclasses import dataclass

from .errors import EwsError
from .model import Folder, Item, Json
from .state import MailboxState


@dataclass(frozen=True)
class Page:
    """(kind, item) changes — Create, Update, Delete —, the next state, whether it is the last."""

    changes: list[tuple[str, Item]]
    state: str
    complete: bool


@dataclass(frozen=True)
class HierarchyPage:
    """The same for folders; always complete."""

    changes: list[tuple[str, Folder]]
    state: str


def _encode(state: MailboxState, kind: str, scope: int, seen: Json) -> str:
    raw = json.dumps([kind, scope, state.account.sync_epoch, seen]).encode()
    body = state.guid + zlib.compress(raw)
    digest = hmac.new(state.ids.key, body, hashlib.sha256).digest()[:12]
    return base64.b64encode(digest + body).decode()


def _decode(state: MailboxState, kind: str, scope: int, text: str) -> Json:
    try:
        raw = base64.b64decode(text, validate=True)
        digest, body = raw[:12], raw[12:]
        known = hmac.new(state.ids.key, body, hashlib.sha256).digest()[:12]
        if not hmac.compare_digest(digest, known) or body[:16] != state.guid:
            raise ValueError("not issued for this mailbox")
        found = json.loads(zlib.decompress(body[16:]))
    except (ValueError, binascii.Error, zlib.error) as error:
        raise EwsError("ErrorInvalidSyncStateData") from error
    if found[:3] != [kind, scope, state.account.sync_epoch]:
        raise EwsError("ErrorInvalidSyncStateData")
    return found[3]


def _is_seen(spans: list[list[int]], number: int) -> bool:
    place = bisect_right(spans, number, key=lambda span: span[0]) - 1
    return place >= 0 and number <= spans[place][1]


def _merge(spans: list[list[int]], low: int, high: int) -> list[list[int]]:
    merged: list[list[int]] = []
    for span in sorted([*spans, [low, high]]):
        if merged and span[0] <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], span[1])
        else:
            merged.append(list(span))
    return merged


def items(
    state: MailboxState, folder: Folder, token: str, limit: int, ignored: frozenset[int]
) -> Page:
    """The next page of changes in a folder, newest first. EwsError ErrorInvalidSyncStateData."""
    spans: list[list[int]] = _decode(state, "items", folder.num, token) if token else []
    log, top = state.logs[folder.num], state.sequence
    changes: list[tuple[str, Item]] = []
    place, lowest, complete = len(log) - 1, top + 1, True
    while place >= 0:
        number, num = log[place]
        if _is_seen(spans, number):
            start = spans[bisect_right(spans, number, key=lambda span: span[0]) - 1][0]
            place = bisect_right(log, (start, -1)) - 1
            continue
        item = state.items[num]
        change = _change(item, number, spans)
        if change and num not in ignored:
            if len(changes) == limit:
                complete = False
                break
            changes.append((change, item))
        lowest, place = number, place - 1
    if complete:
        spans = [[0, top]]
    elif changes:
        spans = _merge(spans, lowest, top)
    return Page(changes, _encode(state, "items", folder.num, spans), complete)


def _change(item: Item, number: int, spans: list[list[int]]) -> str:
    """What a line of the log means to the client; empty when it is stale or of no interest."""
    if item.version != number:
        return ""
    known = any(_is_seen(spans, version) for version in item.history[:-1])
    if item.gone:
        return "Delete" if known else ""
    return "Update" if known else "Create"


def folders(state: MailboxState, root: Folder, token: str) -> HierarchyPage:
    """What changed below a folder. EwsError ErrorInvalidSyncStateData."""
    seen = int(_decode(state, "folders", root.num, token)) if token else 0
    changes: list[tuple[str, Folder]] = []
    for folder in state.folders.values():
        if folder.num == root.num:
            continue
        known = folder.history[0] <= seen and _below(state, folder, root, seen)
        here = not folder.gone and _below(state, folder, root, state.sequence)
        if here and not known:
            changes.append(("Create", folder))
        elif known and not here and (not folder.gone or folder.history[-1] > seen):
            changes.append(("Delete", folder))
        elif here and folder.history[-1] > seen:
            changes.append(("Update", folder))
    return HierarchyPage(changes, _encode(state, "folders", root.num, state.sequence))


def _below(state: MailboxState, folder: Folder, root: Folder, seen: int) -> bool:
    """Whether a folder lay below another one when the change ``seen`` had just happened."""
    parent = _parent(folder, seen)
    while parent:
        if parent == root.num:
            return True
        parent = _parent(state.folders[parent], seen)
    return False


def _parent(folder: Folder, seen: int) -> int:
    return next((before for number, before in folder.moved if number > seen), folder.parent)
