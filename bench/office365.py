"""The Office 365 connector against the least that can be done, and against O365 from PyPI.

Only the client's processor time counts: the server runs in a process of its own.
"""

from collections.abc import Callable

from andock_office365_calendar.connector import GraphConnector
from andock_sdk.contract.case import Surroundings
from bench.connectors import everything, read_all
from bench.measure import Bench, Row, in_turns, spent
from bench.office365_cloud import Bare, Cloud, Sent, cloud, recorded
from bench.office365_fields import fields_of
from bench.office365_server import LARGE, LARGE_ITEMS, OFFICE

CHANGED = 10
CALENDARS = 3
MOST_FOR_CHANGES = 3


def importing() -> list[Row]:
    """All events of a calendar, read for the first time: ours, the same requests by themselves,
    and O365."""
    with cloud() as there:
        with there.connector(LARGE) as ours:
            calendar = _calendars(ours)[0]
            sent = recorded(ours, lambda: read_all(ours, calendar))
        print(f"requests: {len(sent)}")
        found = in_turns(
            f"ms CPU for {LARGE_ITEMS} events",
            {
                "ours": lambda: _cpu(lambda: _ours(there, calendar)),
                "bare": lambda: _cpu(lambda: _bare(there, sent)),
                "O365": lambda: _cpu(lambda: _theirs(there)),
            },
        )
    took = round(found["ours"], 1)
    return [
        Row(IMPORT_BARE, took, "ms CPU", 2.0, round(found["bare"], 1)),
        Row(IMPORT, took, "ms CPU", 0.2, round(found["O365"], 1)),
    ]


def _ours(there: Cloud, calendar: str) -> None:
    with there.connector(LARGE) as connector:
        count = read_all(connector, calendar)
    assert count == LARGE_ITEMS, count


def _bare(there: Cloud, sent: list[Sent]) -> None:
    """Lets go of what it read, as ours does."""
    bare = Bare(there)
    count = sum(len(fields_of(bare.ask(one))) for one in sent)
    bare.close()
    assert count == 2 * LARGE_ITEMS, count  # listed, and read


def _theirs(there: Cloud) -> None:
    """As its manual lists a calendar, in its largest pages; exceptions of series stay out."""
    account = there.account(LARGE)
    calendar = account.schedule().get_default_calendar()
    count = sum(1 for _ in calendar.get_events(limit=None, batch=999, include_recurring=False))
    account.con.session.close()
    assert count == LARGE_ITEMS, count


def idle() -> list[Row]:
    """A sync of three calendars in which nothing happened, from a fresh connection on."""
    with cloud() as there:
        context = there.context()
        cursors = _listed(there, context)
        before = _requests(there)
        with there.connector(OFFICE, context) as ours:
            for calendar, cursor in cursors.items():
                assert not ours.changes(calendar, cursor).changes
        asked = _requests(there) - before
    print(f"requests for {len(cursors)} calendars: {asked}")
    assert len(cursors) == CALENDARS
    return [Row(IDLE, asked, "requests", 1)]


def changes() -> list[Row]:
    """Ten entries of 2,000 were changed."""
    with cloud() as there:
        context = there.context()
        cursors = _listed(there, context)
        there.order("touch", OFFICE, CHANGED)
        before = _requests(there)
        refs: list[str] = []
        with there.connector(OFFICE, context) as ours:
            for calendar, cursor in cursors.items():
                found = [change.ref for change in ours.changes(calendar, cursor).changes]
                if found:
                    ours.read(calendar, found)
                refs += found
        asked = _requests(there) - before
        assert len(refs) == CHANGED, refs
    print(f"requests for {CHANGED} changes: {asked}")
    return [Row(CHANGES, asked, "requests", MOST_FOR_CHANGES)]


def _listed(there: Cloud, context: Surroundings) -> dict[str, str]:
    """The cursor of each calendar, after an earlier run."""
    with there.connector(OFFICE, context) as ours:
        return {calendar: everything(ours, calendar)[1] for calendar in _calendars(ours)}


def _calendars(ours: GraphConnector) -> list[str]:
    """The mailbox's own first."""
    return [one.ref for one in ours.collections()]


def _requests(there: Cloud) -> int:
    return int(there.order("state")["requests"])


def _cpu(run: Callable[[], object]) -> float:
    with spent() as measured:
        run()
    return measured.cpu


IMPORT_BARE = f"office365: a first import of {LARGE_ITEMS:,} events, against bare requests"
IMPORT = f"office365: a first import of {LARGE_ITEMS:,} events, against O365's listing"
IDLE = "office365: an idle sync of three calendars"
CHANGES = "office365: 10 changes in 2,000 entries"
BENCHES = (
    Bench("office365-import", (IMPORT_BARE, IMPORT), importing),
    Bench("office365-idle", (IDLE,), idle),
    Bench("office365-changes", (CHANGES,), changes),
)
