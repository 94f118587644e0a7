"""A first import of the large mailbox in a fresh process: prints milliseconds of CPU and MB grown.

Ours reads as core does, and lets go of what it read. exchangelib gets the ids by
`sync_items` and everything about the items by `fetch`, as its manual advises for many items.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from bench.connectors import read_all
from bench.exchange_office import Office
from bench.exchange_server import LARGE, LARGE_CONTACTS, LARGE_ITEMS
from bench.measure import spent


def ours(there: Office) -> int:
    """How many were read."""
    with there.connector(LARGE) as connector:
        return sum(
            read_all(connector, collection)
            for collection in (there.calendars[LARGE], there.contacts[LARGE])
        )


def theirs(there: Office) -> int:
    """How many were read."""
    account = there.account(LARGE)
    count = 0
    for folder in (account.calendar, account.contacts):
        ids = [(item.id, item.changekey) for _, item in folder.sync_items(only_fields=["subject"])]
        for item in account.fetch(ids):
            assert not isinstance(item, Exception), item
            count += 1
    return count


@contextmanager
def growth() -> Iterator[list[float]]:
    """Megabytes that the process has grown by at its largest, once the block has ended."""
    made: list[float] = []
    process = psutil.Process()
    before = process.memory_info().rss
    yield made
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    made.append((peak * 1024 - before) / 1e6)


def main(whose: str, about: str) -> None:
    """Import and print."""
    there = Office(about=json.loads(about))
    run = {"ours": ours, "theirs": theirs}[whose]
    with growth() as grown, spent() as took:
        count = run(there)
    assert count == LARGE_ITEMS + LARGE_CONTACTS, count
    print(took.cpu, grown[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
