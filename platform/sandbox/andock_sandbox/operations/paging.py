"""IndexedPageItemView and its like: which part of a list a client asks for."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import EwsError
from ..soap import Element

# What a server gives at most in one answer (the policy's EWSFindCountLimit).
LIMIT = 1000


@dataclass(frozen=True)
class Window:
    """A part of a list: from ``start`` up to ``stop`` of ``total``; ``next`` is the offset to go
    on with. ``paged`` tells whether the client asked for a page at all."""

    start: int
    stop: int
    total: int
    next: int
    last: bool
    paged: bool

    def attributes(self) -> dict[str, str]:
        """The attributes of the answer's RootFolder."""
        made = {"TotalItemsInView": str(self.total)}
        if self.paged:
            made["IndexedPagingOffset"] = str(self.next)
        return {**made, "IncludesLastItemInRange": "true" if self.last else "false"}


def read_page(view: Element | None, total: int) -> Window:
    """The window that an IndexedPageView stands for; everything when there is none.

    EwsError for an offset below zero or a page without entries.
    """
    if view is None:
        stop = min(total, LIMIT)
        return Window(0, stop, total, stop, stop == total, False)
    size = int(view.get("MaxEntriesReturned", str(LIMIT)))
    offset = int(view.get("Offset", "0"))
    if size < 1:
        raise EwsError("ErrorInvalidPagingMaxRows")
    if offset < 0:
        raise EwsError("ErrorInvalidIndexedPagingParameters")
    size = min(size, LIMIT)
    if view.get("BasePoint") == "End":
        stop = max(0, total - offset)
        start = max(0, stop - size)
        return Window(start, stop, total, total - start, start == 0, True)
    start = min(offset, total)
    stop = min(total, start + size)
    return Window(start, stop, total, stop, stop == total, True)
