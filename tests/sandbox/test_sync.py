"""SyncFolderItems over many changes: nothing lost, nothing told twice."""

import random
import time

import pytest

from andock_sandbox import Mailbox, Sandbox
from tests.sandbox.client import IDS, Client, item, shape
from tests.sandbox.exchange_client import utc


def add(mailbox: Mailbox, number: int, folder: str = "") -> str:
    """A numbered entry."""
    start = utc(2026, 11, 1 + number % 28, 9)
    return mailbox.add_event(
        folder or mailbox.calendar, f"Nr {number}", start, start.replace(hour=10)
    )


class Follower:
    """A client that keeps the set of ids by sync alone."""

    def __init__(self, client: Client, limit: int) -> None:
        self._client, self._limit, self._state = client, limit, ""
        self.held: dict[str, str] = {}

    def page(self) -> bool:
        """Take one page; whether it was the last."""
        reply = self._client.sync(state=self._state, limit=self._limit)
        assert reply.codes == ["NoError"]
        self._state = reply.text("//m:SyncState")
        for change in reply.xml.iter("{*}Create", "{*}Update", "{*}Delete"):
            kind = str(change.tag).rpartition("}")[2]
            found = next(change.iter("{*}ItemId"))
            known = str(found.get("Id"))
            assert (kind == "Create") == (known not in self.held), kind
            if kind == "Delete":
                del self.held[known]
            else:
                self.held[known] = str(found.get("ChangeKey"))
        return reply.text("//m:IncludesLastItemInRange") == "true"


@pytest.mark.parametrize("seed", range(3))
def test_changes_between_pages_are_neither_lost_nor_told_twice(
    client: Client, anna: Mailbox, seed: int
) -> None:
    """Whatever happens while a client pages, it ends with what is there."""
    rng = random.Random(seed)
    alive = [add(anna, number) for number in range(20)]
    follower = Follower(client, limit=4)
    for round_number in range(30):
        follower.page()
        for _ in range(rng.randrange(3) if round_number < 20 else 0):
            match rng.randrange(3):
                case 0:
                    alive.append(add(anna, round_number))
                case 1:
                    anna.update_event(rng.choice(alive), subject="Neu")
                case 2:
                    anna.delete_event(alive.pop(rng.randrange(len(alive))))
    while not follower.page():
        pass
    assert set(follower.held) == set(alive)
    assert follower.page()


def test_the_newest_change_comes_first(client: Client, anna: Mailbox) -> None:
    """As since Exchange 2010 SP2."""
    made = [add(anna, number) for number in range(3)]
    anna.update_event(made[0], subject="Neu")
    assert client.sync().texts("//t:ItemId/@Id") == [made[0], made[2], made[1]]


def test_what_came_and_went_unseen_is_not_told(client: Client, anna: Mailbox) -> None:
    """A delete is told to those alone who knew the item."""
    state = client.sync().text("//m:SyncState")
    anna.delete_event(add(anna, 1))
    assert client.sync(state=state).texts("//m:Changes/*") == []


def test_ignored_items_are_left_out(client: Client, anna: Mailbox) -> None:
    """The Ignore list."""
    first, second = add(anna, 1), add(anna, 2)
    reply = client(
        f'<m:SyncFolderItems>{IDS}<m:SyncFolderId><t:FolderId Id="{anna.calendar}"/>'
        f"</m:SyncFolderId><m:Ignore>{item(first)}</m:Ignore>"
        "<m:MaxChangesReturned>10</m:MaxChangesReturned></m:SyncFolderItems>"
    )
    assert reply.texts("//t:ItemId/@Id") == [second]


@pytest.mark.parametrize("state", ["x", "QUJD", "A" * 200])
def test_a_made_up_state_is_invalid(client: Client, state: str) -> None:
    """ErrorInvalidSyncStateData."""
    assert client.sync(state=state).codes == ["ErrorInvalidSyncStateData"]


def test_a_state_belongs_to_its_folder(client: Client, anna: Mailbox) -> None:
    """It is no good in another one."""
    state = client.sync().text("//m:SyncState")
    other = anna.add_calendar("Projekte")
    assert client.sync(other, state).codes == ["ErrorInvalidSyncStateData"]


def test_a_lost_state_is_invalid(client: Client, anna: Mailbox, box: Sandbox) -> None:
    """On demand."""
    state = client.sync().text("//m:SyncState")
    box.lose_sync_state(anna)
    assert client.sync(state=state).codes == ["ErrorInvalidSyncStateData"]
    assert client.sync().codes == ["NoError"]


def test_a_deleted_folder_is_not_found(client: Client, anna: Mailbox) -> None:
    """ErrorSyncFolderNotFound."""
    made = anna.add_calendar("Projekte")
    anna.delete_folder(made)
    assert client.sync(made).codes == ["ErrorSyncFolderNotFound"]


def test_a_body_asked_for_is_not_given(client: Client, anna: Mailbox) -> None:
    """The rest of the shape is."""
    add(anna, 1)
    reply = client.sync(shape=shape("item:Subject", "item:Body"))
    assert reply.texts("//t:Subject") == ["Nr 1"]
    assert reply.texts("//t:Body") == []


def test_a_page_of_a_large_folder_costs_as_much_as_of_a_small_one(
    client: Client, anna: Mailbox
) -> None:
    """Within a factor, by the best of several tries."""

    def page_seconds(folder: str) -> float:
        state, best = "", 1.0
        for _ in range(5):
            begun = time.perf_counter()
            reply = client.sync(folder, state, limit=20)
            best = min(best, time.perf_counter() - begun)
            state = reply.text("//m:SyncState")
        return best

    small, large = anna.add_calendar("Klein"), anna.add_calendar("Groß")
    for number in range(100):
        add(anna, number, small)
    for number in range(3000):
        add(anna, number, large)
    assert page_seconds(large) < 4 * page_seconds(small) + 0.01
