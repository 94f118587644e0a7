"""The Exchange connector against stock exchangelib, and against the least that can be done.

Only the client's processor time counts: the server runs in a process of its own.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from math import ceil

from andock_exchange_calendar import cursor as cursors, operations, soap
from andock_exchange_calendar.connector import ExchangeConnector
from andock_exchange_calendar.shape import BATCH
from bench.connectors import everything, read_all
from bench.exchange_fields import fields_of
from bench.exchange_office import VERSION, Bare, Office, office
from bench.exchange_server import OFFICE, SMALL, SMALL_ITEMS
from bench.measure import Bench, Row, in_turns, spent

READ = SMALL_ITEMS
LATENCY = 0.05
"""Seconds that each round trip takes longer."""
CHANGED = 10


def reading() -> list[Row]:
    """Full items of a calendar: ours, `sync_items` of exchangelib, and bare requests."""
    with office() as there, there.connector(SMALL) as ours:
        calendar = there.calendars[SMALL]
        refs, _ = everything(ours, calendar)
        bare = Bare(there, SMALL)
        sent = _recorded(ours, lambda: ours.read(calendar, refs))
        found = in_turns(
            f"ms CPU for {READ} items",
            {
                "ours": lambda: _cpu(lambda: ours.read(calendar, refs)),
                "bare": lambda: _cpu(lambda: [fields_of(bare.post(body)) for body in sent]),
                "exchangelib": lambda: _cpu(lambda: _sync_items(there)),
            },
        )
        bare.close()
    took = round(found["ours"], 1)
    return [
        Row(READING, took, "ms CPU", 0.1, round(found["exchangelib"], 1)),
        Row(READING_BARE, took, "ms CPU", 2.0, round(found["bare"], 1)),
    ]


def _sync_items(there: Office) -> None:
    """As its manual says it, all in one: ids, then everything about each item."""
    account = there.account(SMALL)
    count = sum(1 for _ in account.calendar.sync_items())
    assert count == READ, count


def idle() -> list[Row]:
    """A sync of a calendar in which nothing happened, from a fresh connection on."""
    with office() as there:
        calendar = there.calendars[OFFICE]
        with there.connector(OFFICE) as ours:
            _, cursor = everything(ours, calendar)
        request = operations.sync_items(calendar, cursors.load(cursor).state)
        body = soap.envelope(request, VERSION)

        def sync() -> None:
            with there.connector(OFFICE) as ours:
                assert not ours.changes(calendar, cursor).changes

        def post() -> None:
            bare = Bare(there, OFFICE)
            bare.post(body)
            bare.close()

        before = _requests(there)
        sync()
        asked = _requests(there) - before
        found = in_turns("ms CPU", {"ours": lambda: _cpu(sync), "bare": lambda: _cpu(post)})
    return [
        Row(IDLE, asked, "requests", 1),
        Row(IDLE_BARE, round(found["ours"], 1), "ms CPU", 3.0, round(found["bare"], 1)),
    ]


def changes() -> list[Row]:
    """Ten entries of 2,000 were changed."""
    with office() as there, there.connector(OFFICE) as ours:
        calendar = there.calendars[OFFICE]
        _, cursor = everything(ours, calendar)
        there.order("touch", OFFICE, CHANGED)
        before = _requests(there)
        page = ours.changes(calendar, cursor)
        refs = [change.ref for change in page.changes]
        ours.read(calendar, refs)
        asked = _requests(there) - before
        assert len(refs) == CHANGED, refs
    print(f"requests for {CHANGED} changes: {asked}")
    return [Row(CHANGES, asked, "requests", 2 + ceil(CHANGED / BATCH))]


def importing() -> list[Row]:
    """All that is in a mailbox, read for the first time, each time in a fresh process."""
    with office() as there:
        found = in_turns(
            "ms CPU",
            {
                "ours": lambda: _import(there, "ours")[0],
                "exchangelib": lambda: _import(there, "theirs")[0],
            },
        )
        growth = [_import(there, "ours")[1] for _ in range(3)]
    print(f"growth, MB: {' '.join(f'{sample:.1f}' for sample in growth)}")
    return [
        Row(IMPORT, round(found["ours"], 1), "ms CPU", 0.4, round(found["exchangelib"], 1)),
        Row(MEMORY, round(max(growth), 1), "MB", 64),
    ]


def _import(there: Office, whose: str) -> tuple[float, float]:
    """Milliseconds of CPU, and megabytes that the process grew by."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.exchange_import", whose, there.dump()],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "REQUESTS_CA_BUNDLE": there.ca_file},
    )
    cpu, grown = done.stdout.split()[-2:]
    return float(cpu), float(grown)


def far() -> list[Row]:
    """A first import over a line on which each round trip takes 50 ms. What the server itself
    needs for its answers is taken off; a round trip is a request, or one leg of TLS."""
    with office() as there:
        there.order("latency", LATENCY)
        ratios = []
        for _ in range(7):
            before = there.order("state")
            with spent() as took, there.connector(SMALL, far=True) as ours:
                read_all(ours, there.calendars[SMALL])
            after = there.order("state")
            trips = 1 + after["requests"] - before["requests"]
            waited = took.clock / 1000 - (after["cpu"] - before["cpu"])
            ratios.append(waited / (trips * LATENCY))
            print(f"{trips} round trips: {waited * 1000:.0f} ms of {took.clock:.0f}")
    return [Row(FAR, round(sorted(ratios)[3], 3), "x", 1.3)]


def _recorded(ours: ExchangeConnector, run: Callable[[], object]) -> list[bytes]:
    """The requests that ours sends."""
    client = ours.client
    sent: list[bytes] = []
    post = client._post

    def keep(body: bytes, *, signed: bool) -> object:
        sent.append(body)
        return post(body, signed=signed)

    client._post = keep  # type: ignore[method-assign,assignment]
    run()
    client._post = post  # type: ignore[method-assign]
    return sent


def _requests(there: Office) -> int:
    return int(there.order("state")["requests"])


def _cpu(run: Callable[[], object]) -> float:
    with spent() as measured:
        run()
    return measured.cpu


READING = f"exchange: reading {READ} full items, against exchangelib's sync_items"
READING_BARE = f"exchange: reading {READ} full items, against bare requests"
IDLE = "exchange: an idle sync of 2,000 entries, per folder"
IDLE_BARE = "exchange: an idle sync of 2,000 entries, against a bare request"
CHANGES = "exchange: 10 changes in 2,000 entries"
IMPORT = "exchange: a first import of 5,000 items, against exchangelib"
MEMORY = "exchange: what a first import of 5,000 items adds to memory"
FAR = "exchange: 50 ms away, time by round trips"
BENCHES = (
    Bench("exchange-reading", (READING, READING_BARE), reading),
    Bench("exchange-idle", (IDLE, IDLE_BARE), idle),
    Bench("exchange-changes", (CHANGES,), changes),
    Bench("exchange-import", (IMPORT, MEMORY), importing),
    Bench("exchange-far", (FAR,), far),
)
