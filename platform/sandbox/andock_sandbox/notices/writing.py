"""Notifications as XML: one Notification with its events."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Event
from ..soap import Element, add
from .hub import Subscription


def write(
    parent: Element,
    held: Subscription,
    before: int,
    events: Sequence[tuple[int, Event]],
    *,
    tag: str = "m:Notification",
    more: bool = False,
) -> None:
    """A Notification with the events after ``before``, or a StatusEvent when there are none.

    A streaming one (``tag`` ``t:Notification``) has no watermarks.
    """
    made = add(parent, tag)
    marks = tag.startswith("m:")
    add(made, "SubscriptionId", held.id)
    if marks:
        add(made, "PreviousWatermark", held.watermark(before))
        add(made, "MoreEvents", more)
    if not events:
        status = add(made, "StatusEvent")
        if marks:
            add(status, "Watermark", held.watermark(before))
    for number, event in events:
        _write_event(made, held, event, held.watermark(number) if marks else "")


def _write_event(parent: Element, held: Subscription, event: Event, watermark: str) -> None:
    ids = held.state.ids
    made = add(parent, f"{event.kind}Event")
    if watermark:
        add(made, "Watermark", watermark)
    add(made, "TimeStamp", event.stamp)
    if event.is_folder:
        add(made, "FolderId", Id=ids.folder(event.num))
    else:
        add(made, "ItemId", Id=ids.item(event.num))
    add(made, "ParentFolderId", Id=ids.folder(event.parent))
    if event.kind in ("Moved", "Copied"):
        if event.is_folder:
            add(made, "OldFolderId", Id=ids.folder(event.old_num))
        else:
            add(made, "OldItemId", Id=ids.item(event.old_num))
        add(made, "OldParentFolderId", Id=ids.folder(event.old_parent))
    elif event.kind == "Modified" and event.is_folder:
        folder = held.state.folders.get(event.num)
        add(made, "UnreadCount", held.state.unread(folder) if folder is not None else 0)
