"""FindItem: lists, searches, and the expanded calendar of a time range."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

from lxml import etree

from .. import query, shapes, soap, times, views
from ..errors import EwsError
from ..model import Folder
from ..shapes import Shape
from ..soap import Element, add, children
from ..views import View
from .context import Call, find_folder, reporting
from .paging import LIMIT, read_page

_VIEWS = 8  # searches that are kept per mailbox
_TWO_YEARS = timedelta(days=2 * 366)


def find(call: Call) -> Element:
    """The items of the given folders that pass the restriction; one page of them."""
    root, messages = soap.message_root("FindItem")
    for element in children(call.need("ParentFolderIds")):
        with reporting(messages, "FindItem"):
            shape = call.shape("ItemShape")
            folder = find_folder(call, element)
            view = call.part("CalendarView")
            if view is not None:
                _write_calendar(call, messages, folder, view, shape)
            else:
                _write_list(call, messages, folder, shape)
    return root


def _write_list(call: Call, messages: Element, folder: Folder, shape: Shape) -> None:
    for unsupported in (
        "SeekToConditionPageItemView",
        "GroupBy",
        "DistinguishedGroupBy",
        "QueryString",
    ):
        if call.part(unsupported) is not None:
            raise EwsError("ErrorInvalidOperation", f"The sandbox has no {unsupported}.")
    page = call.either("IndexedPageItemView", "FractionalPageItemView")
    restriction, order = call.part("Restriction"), call.part("SortOrder")
    if call.request.get("Traversal") != "Shallow":
        window = read_page(page, 0)
        _write(call, messages, [], window.attributes(), shape)
        return
    if restriction is None and order is None:
        # Nothing to filter or sort: only the page itself is looked at.
        window = read_page(page, len(call.state.contents[folder.num]))
        part = islice(call.state.live(folder.num), window.start, window.stop)
        _write(call, messages, [views.of_item(i) for i in part], window.attributes(), shape)
        return
    found = _found(call, folder, restriction, order)
    window = read_page(page, len(found))
    chosen = [views.of_item(call.state.items[num]) for num in found[window.start : window.stop]]
    _write(call, messages, chosen, window.attributes(), shape)


def _found(
    call: Call, folder: Folder, restriction: Element | None, order: Element | None
) -> list[int]:
    """The numbers of a folder's items that pass a restriction, in their order.

    Kept until the mailbox changes, as Exchange keeps its views: further pages cost no new search.
    """
    state = call.state
    words = [b"" if part is None else etree.tostring(part) for part in (restriction, order)]
    key = (folder.num, *words)
    held = state.views.get(key)
    if held is not None and held[0] == state.sequence:
        return held[1]
    resolve = query.item_reader(state)
    test = query.restriction(restriction, resolve)
    found = [view for view in map(views.of_item, state.live(folder.num)) if test(view)]
    nums = [view.item.num for view in query.sort(found, order, resolve)]
    while len(state.views) >= _VIEWS:
        del state.views[next(iter(state.views))]
    state.views[key] = (state.sequence, nums)
    return nums


def _write_calendar(
    call: Call, messages: Element, folder: Folder, view: Element, shape: Shape
) -> None:
    if folder.kind != "CalendarFolder":
        raise EwsError("ErrorCalendarFolderIsInvalidForCalendarView")
    if call.part("Restriction") is not None or call.part("SortOrder") is not None:
        raise EwsError("ErrorInvalidOperation", "A calendar view takes no restriction or order.")
    low = times.read(view.get("StartDate", ""), call.zone)
    high = times.read(view.get("EndDate", ""), call.zone)
    if high < low:
        raise EwsError("ErrorCalendarEndDateIsEarlierThanStartDate")
    if times.instant(high) - times.instant(low) > _TWO_YEARS:
        raise EwsError("ErrorCalendarViewRangeTooBig")
    found = views.between(call.state, folder, low, high)
    found.sort(key=lambda one: (one.props["Start"], one.props["End"], one.item.num))
    most = min(int(view.get("MaxEntriesReturned", str(LIMIT))), LIMIT)
    if most < 1:
        raise EwsError("ErrorInvalidPagingMaxRows")
    attributes = {
        "TotalItemsInView": str(len(found)),
        "IncludesLastItemInRange": "true" if len(found) <= most else "false",
    }
    _write(call, messages, found[:most], attributes, shape)


def _write(
    call: Call, messages: Element, found: list[View], attributes: dict[str, str], shape: Shape
) -> None:
    message = soap.success(messages, "FindItem")
    holder = add(add(message, "m:RootFolder", **attributes), "t:Items")
    for view in found:
        shapes.write_item(holder, call.state, view, shape, "FindItem")
