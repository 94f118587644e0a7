"""Writing: once, on a condition, findable, and nothing but what was asked for."""

from typing import Any

from andock_sdk import errors
from andock_sdk.connector import Connector, Missing, RemoteItem
from andock_sdk.contract.case import Case, instants, retitled, title_of
from andock_sdk.contract.harness import NotApplicable
from andock_sdk.contract.rules import expect, refuses, rule
from andock_sdk.items import Appointment, Attendee, Body, Contact, Item, Patch, Person


def create(case: Case, **fields: Any) -> tuple[Connector, str, RemoteItem]:
    """A connector, its writable collection, and an item that it made there."""
    connector, collection = case.calendar(writable=True)
    made = connector.create(collection, case.item(connector, **fields), "contract-operation-1")
    return connector, collection, made


@rule("bronze")
def create_lands(case: Case) -> None:
    """What is created lies on the other side, once, and is returned as it lies there."""
    connector, collection, made = create(case)
    title = title_of(made.item)
    seen = case.seen(collection, title)
    expect(len(seen) == 1, f"the other side shows {len(seen)} items")
    if isinstance(made.item, Appointment):
        told = instants(made.item.when)
        expect((seen[0].start, seen[0].end) == told, f"{told} was written, {seen[0]} lies there")
    read = connector.read(collection, [made.ref])[0]
    expect(isinstance(read, RemoteItem), "what was created cannot be read")
    expect(read == made, "what create returned is not what is read afterwards")


@rule("bronze")
def create_findable(case: Case) -> None:
    """An item is found by the operation id that it was created with; an unknown id finds nothing.

    After a crash nobody knows whether the create took effect. Andock asks, and creates no second.
    """
    connector, collection, made = create(case)
    expect(made.operation_id == "contract-operation-1", "create returns another operation id")
    found = case.connect().find_operation(collection, "contract-operation-1")
    expect(found is not None and found.ref == made.ref, "the operation id finds nothing")
    stranger = connector.find_operation(collection, "contract-operation-2")
    expect(stranger is None, "an operation id that was never used finds an item")


@rule("bronze")
def strangers_have_no_operation(case: Case) -> None:
    """What somebody else made carries no operation id.

    What carries one counts as Andock's own, and is never imported as something new.
    """
    connector, collection = case.calendar()
    _, found = case.put(connector, collection)
    expect(not found.operation_id, "an item of somebody else carries an operation id")


@rule("bronze")
def update_lands(case: Case) -> None:
    """An update writes what the patch says, and returns the item with its new version."""
    connector, collection, made = create(case)
    patch = retitled(made.item, "Contract, renamed")
    after = connector.update(collection, made.ref, patch, made.version)
    expect(title_of(after.item) == "Contract, renamed", "update does not return the new title")
    expect(after.ref == made.ref, "update returns another ref")
    expect(after.version != made.version, "update returns the old version")
    expect(case.seen(collection, "Contract, renamed"), "the other side does not show the new title")
    expect(connector.read(collection, [made.ref])[0] == after, "what update returned is not read")


@rule("bronze")
def update_writes_the_patch_alone(case: Case) -> None:
    """An update leaves alone what its patch does not name."""
    connector, collection = case.calendar(writable=True)
    item = _with(case, case.item(connector), "Keep this")
    made = connector.create(collection, item, "contract-operation-1")
    patch = retitled(_with(case, made.item, ""), "Contract, renamed")
    after = connector.update(collection, made.ref, patch, made.version)
    held = _kept(case, made.item) == _kept(case, after.item)
    expect(held, "an update that names the title alone changes other fields")


@rule("bronze")
def update_conditional(case: Case) -> None:
    """An update with an old version raises `Conflict`, and nothing is written."""
    connector, collection, made = create(case)
    newer = connector.update(
        collection, made.ref, retitled(made.item, "Contract, newer"), made.version
    )
    with refuses(errors.Conflict, "an update with an old version"):
        connector.update(collection, made.ref, retitled(made.item, "Contract, late"), made.version)
    expect(not case.seen(collection, "Contract, late"), "the late update was written all the same")
    expect(connector.read(collection, [made.ref])[0] == newer, "the item has changed all the same")


@rule("bronze")
def delete_lands(case: Case) -> None:
    """A delete takes the item away, and nothing else."""
    connector, collection, made = create(case)
    other = connector.create(collection, case.item(connector), "contract-operation-2")
    connector.delete(collection, made.ref, made.version)
    expect(not case.seen(collection, title_of(made.item)), "the item still lies there")
    expect(case.seen(collection, title_of(other.item)), "another item is gone as well")
    found = connector.read(collection, [made.ref])[0]
    expect(isinstance(found, Missing), f"a deleted item is {type(found).__name__}")


@rule("bronze")
def delete_conditional(case: Case) -> None:
    """A delete with an old version raises `Conflict`, and nothing is deleted."""
    connector, collection, made = create(case)
    connector.update(collection, made.ref, retitled(made.item, "Contract, newer"), made.version)
    with refuses(errors.Conflict, "a delete with an old version"):
        connector.delete(collection, made.ref, made.version)
    expect(case.seen(collection, "Contract, newer"), "the item was deleted all the same")


@rule("bronze")
def gone_said(case: Case) -> None:
    """Changing or deleting what is no longer there raises `Gone`."""
    connector, collection, made = create(case)
    connector.delete(collection, made.ref, made.version)
    with refuses(errors.Gone, "an update of what is gone"):
        connector.update(collection, made.ref, retitled(made.item, "Contract"), made.version)
    with refuses(errors.Gone, "a delete of what is gone"):
        connector.delete(collection, made.ref, made.version)


@rule("silver")
def own_changes_told(case: Case) -> None:
    """What the connector itself wrote is told as a change, under the ref that the write gave."""
    connector, collection = case.calendar(writable=True)
    _, cursor, _ = case.listed(connector, collection)
    made = connector.create(collection, case.item(connector), "contract-operation-1")
    told, _, _ = case.listed(connector, collection, cursor)
    expect(made.ref in told, "what was created is told under another ref, or not at all")
    expect(told[made.ref].version in ("", made.version), "it is told with another version")


@rule("silver")
def no_mail(case: Case) -> None:
    """No attendee is mailed because of what Andock writes, unless the member wants it.

    `Context.invitations` says whether they do. A service that always mails says so in
    `Capabilities.silent_writes`; Andock then asks before it writes.
    """
    connector, collection = case.calendar(writable=True)
    if case.kind(connector) == "contacts" or "attendees" in case.harness.lacks:
        raise NotApplicable("there are no attendees")
    if not connector.capabilities.silent_writes:
        raise NotApplicable("the service cannot write silently, and the connector says so")
    before = case.harness.mails()
    invited = (Attendee(person=Person(name="Bea Vogt", email="bea@partner.example")),)
    made = connector.create(
        collection, case.item(connector, attendees=invited), "contract-operation-1"
    )
    changed = connector.update(
        collection, made.ref, retitled(made.item, "Contract, renamed"), made.version
    )
    connector.delete(collection, made.ref, changed.version)
    sent = case.harness.mails() - before
    expect(not sent, f"{sent} mails were sent for a create, an update and a delete")


@rule("silver")
def fields_cleared(case: Case) -> None:
    """A field that the patch empties is empty afterwards."""
    connector, collection = case.calendar(writable=True)
    made = connector.create(
        collection, _with(case, case.item(connector), "Take this away"), "contract-operation-1"
    )
    after = _with(case, made.item, "")
    fields = frozenset(_texts(case, after))
    if not fields:
        raise NotApplicable("the service has no such field")
    patch = Patch(item=after, before=made.item, fields=fields)
    written = connector.update(collection, made.ref, patch, made.version)
    left = [text for text in _kept(case, written.item) if text.strip()]
    expect(not left, "an emptied field still holds something")


def _texts(case: Case, item: Item) -> list[str]:
    """The names of the fields beside the title that hold plain words."""
    names = ("company", "job_title") if isinstance(item, Contact) else ("location", "body")
    return [name for name in names if name not in case.harness.lacks]


def _with(case: Case, item: Item, text: str) -> Item:
    held = {"body": Body(content=text)}
    return item.model_copy(update={name: held.get(name, text) for name in _texts(case, item)})


def _kept(case: Case, item: Item) -> list[str]:
    found = (getattr(item, name) for name in _texts(case, item))
    return [one.content if isinstance(one, Body) else str(one) for one in found]
