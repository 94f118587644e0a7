"""Reading a whole collection by a connector, as core does."""

from andock_core.sync.execute import BATCH
from andock_sdk import Connector


def everything(connector: Connector, collection: str) -> tuple[list[str], str]:
    """All ids of a collection, and the cursor after them."""
    refs: list[str] = []
    cursor: str | None = None
    while True:
        page = connector.changes(collection, cursor)
        refs += [change.ref for change in page.changes]
        cursor = page.cursor
        if not page.more:
            return refs, cursor


def read_all(connector: Connector, collection: str) -> int:
    """How many items were listed and read, and let go of."""
    refs, _ = everything(connector, collection)
    return sum(
        len(connector.read(collection, refs[start : start + BATCH]))
        for start in range(0, len(refs), BATCH)
    )
