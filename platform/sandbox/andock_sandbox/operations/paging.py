"""IndexedPageItemView, FractionalPageItemView and their like: which part of a list a client asks
for."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import EwsError
from ..soap import Element

# What a server gives at most in one answer (the policy's EWSFindCountLimit).
LIMIT = 1000


@dataclass(frozen=True)
class Window:
    """A part of a list: from ``start`` up to ``stop`` of ``total``; ``next`` is the offset to go
    on with. ``paged`` tells how the client asked for a page: ``""`` (not at all), ``indexed``,
    ``fractional``."""

    start: int
    stop: int
    total: int
    next: int
    last: bool
    paged: str

    def attributes(self) -> dict[str, str]:
        """The attributes of the answer's RootFolder."""
        made = {"TotalItemsInView": str(self.total)}
        if self.paged == "indexed":
            made["IndexedPagingOffset"] = str(self.next)
        elif self.paged == "fractional":
            made["NumeratorOffset"] = str(self.next)
            made["AbsoluteDenominator"] = str(self.total)
        return {**made, "IncludesLastItemInRange": "true" if self.last else "false"}


def read_page(view: Element | None, total: int) -> Window:
    """The window that an indexed or fractional page view stands for; everything when there is
    none. EwsError for an offset below zero, a fraction beyond the list, a page without entries.
    """
    if view is None:
        stop = min(total, LIMIT)
        return Window(0, stop, total, stop, stop == total, "")
    size = int(view.get("MaxEntriesReturned", str(LIMIT)))
    if view.get("Denominator") is not None:
        return _fraction(view, total, size)
    offset = int(view.get("Offset", "0"))
    if size < 1:
        raise EwsError("ErrorInvalidPagingMaxRows")
    if offset < 0:
        raise EwsError("ErrorInvalidIndexedPagingParameters")
    size = min(size, LIMIT)
    if view.get("BasePoint") == "End":
        stop = max(0, total - offset)
        start = max(0, stop - size)
        return Window(start, stop, total, total - start, start == 0, "indexed")
    start = min(offset, total)
    stop = min(total, start + size)
    return Window(start, stop, total, stop, stop == total, "indexed")


def _fraction(view: Element, total: int, size: int) -> Window:
    numerator, denominator = int(view.get("Numerator", "0")), int(view.get("Denominator", "1"))
    if denominator < 1 or not 0 <= numerator <= denominator:
        raise EwsError("ErrorInvalidFractionalPagingParameters")
    if size < 1:
        raise EwsError("ErrorInvalidPagingMaxRows")
    start = total * numerator // denominator
    stop = min(total, start + min(size, LIMIT))
    return Window(start, stop, total, stop, stop == total, "fractional")
