"""Seeded bugs of the memory plugin: for each rule of the contract one that it must catch."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from andock_sdk import (
    Appointment,
    ChangePage,
    Contact,
    Context,
    Field,
    FieldErrors,
    Form,
    Grant,
    Item,
    Listing,
    Message,
    Missing,
    Patch,
    RemoteItem,
    Report,
    Slot,
    TestReport,
    Text,
    Unreadable,
    errors,
    hookimpl,
    standard,
)
from tests.support import memory_plugin
from tests.support.memory_plugin import MemoryCalendar, MemoryConnector

Bug = tuple[str, type, str, Any]
"""The rule that must notice; where; the attribute; what is put in its place."""

_describe, _authorize, _test = (
    MemoryCalendar.describe,
    MemoryCalendar.authorize,
    MemoryCalendar.test,
)
_collections, _changes, _read = (
    MemoryConnector.collections,
    MemoryConnector.changes,
    MemoryConnector.read,
)
_create, _update, _delete = (
    MemoryConnector.create,
    MemoryConnector.update,
    MemoryConnector.delete,
)
_find, _before, _after = (
    MemoryConnector.find_operation,
    MemoryConnector._before,
    MemoryConnector._after,
)
_expect = MemoryConnector._expect
_listed = iter(range(10**9))


# -- the listing


def _described(**fields: Any) -> Callable[..., Listing]:
    @hookimpl
    def describe(self: MemoryCalendar) -> Listing:
        return _describe(self).model_copy(update={k: v() for k, v in fields.items()})

    return describe


@hookimpl
def _authorize_misspelt(self: MemoryCalendar, kontext: Context) -> Grant | None:
    return None


@hookimpl
def _grants_nothing(self: MemoryCalendar, context: Context, answers: Any) -> Grant:
    filled = {"user": "", "password": "", **answers}
    return Grant(secrets={**{name: str(filled[name]) for name in filled}, "server": "x"})


@hookimpl
def _calls_home(self: MemoryCalendar, context: Context, answers: Any) -> Grant | FieldErrors:
    context.egress.sockets.append(None)  # type: ignore[attr-defined]
    return _authorize(self, context, answers)


# -- the test


def _tested(change: Callable[[TestReport], TestReport], *, really: bool = True) -> Any:
    @hookimpl
    def test(self: MemoryCalendar, context: Context, grant: Grant, report: Report) -> TestReport:
        return change(_test(self, context, grant, report) if really else TestReport())

    return test


def _always_well(told: TestReport) -> TestReport:
    return told.model_copy(update={"error": ""})


def _other_account(told: TestReport) -> TestReport:
    if told.account is None:
        return told
    key = f"{told.account.key}-{next(_listed)}"
    return told.model_copy(update={"account": told.account.model_copy(update={"key": key})})


@hookimpl
def _test_logs(self: MemoryCalendar, context: Context, grant: Grant, report: Report) -> TestReport:
    context.log.debug("signing in with %s", grant.secrets)
    return _test(self, context, grant, report)


@hookimpl
def _offers_strangers(self: MemoryCalendar, context: Context, grant: Grant, settings: Any) -> Form:
    made = MemoryConnector(memory_plugin.service(), grant.secrets["user"]).collections()
    strange = [made[0].model_copy(update={"ref": "not-there"}), *made]
    return standard.settings_form(strange, settings)


def _collections_renamed(self: MemoryConnector) -> Any:
    return [
        one.model_copy(update={"ref": f"{one.ref}-{next(_listed)}"}) for one in _collections(self)
    ]


def _close_fails(self: MemoryConnector) -> None:
    if getattr(self, "closed", False):
        raise errors.Transient
    self.closed = True  # type: ignore[attr-defined]


# -- reading


def _page(change: Callable[[ChangePage, str | None], dict[str, Any]]) -> Any:
    def changes(self: MemoryConnector, collection: str, cursor: str | None) -> ChangePage:
        page = _changes(self, collection, cursor)
        return page.model_copy(update=change(page, cursor))

    return changes


def _reads(change: Callable[[Any], Any]) -> Any:
    def read(self: MemoryConnector, collection: str, refs: Any) -> Any:
        return [change(one) for one in _read(self, collection, refs)]

    return read


def _item_changed(**fields: Any) -> Callable[[Any], Any]:
    def change(one: Any) -> Any:
        if not isinstance(one, RemoteItem):
            return one
        told = {name: value(one.item) for name, value in fields.items()}
        return one.model_copy(update={"item": one.item.model_copy(update=told)})

    return change


def _stale_version(one: Any) -> Any:
    return one.model_copy(update={"version": "v1"}) if isinstance(one, RemoteItem) else one


def _wanders(one: Any) -> Any:
    if isinstance(one, RemoteItem) and "changed" in getattr(one.item, "subject", ""):
        return one.model_copy(update={"ref": f"{one.ref}-moved"})
    return one


def _swallowing(error: type[Exception], instead: ChangePage) -> Any:
    def changes(self: MemoryConnector, collection: str, cursor: str | None) -> ChangePage:
        try:
            return _changes(self, collection, cursor)
        except error:
            return instead

    return changes


def _read_all_or_nothing(self: MemoryConnector, collection: str, refs: Any) -> Any:
    found = _read(self, collection, refs)
    bad = any(isinstance(one, Unreadable) for one in found)
    return [Unreadable(ref=ref, error="item.bad") for ref in refs] if bad else found


_used: set[str] = set()


def _once(self: MemoryConnector, collection: str, cursor: str | None) -> ChangePage:
    page = _changes(self, collection, cursor)
    if cursor in _used:
        return page.model_copy(update={"changes": ()})
    _used.add(cursor or "")
    return page


def _void_is_empty(self: MemoryConnector, collection: str, cursor: str | None) -> ChangePage:
    return _EMPTY if cursor == "contract" else _changes(self, collection, cursor)


_EMPTY = ChangePage(changes=(), cursor="0:0:changes", complete=True)


# -- writing


def _create_twice(self: MemoryConnector, collection: str, item: Item, operation: str) -> Any:
    self._memory.put(collection, item)
    return _create(self, collection, item, operation)


def _denies(self: MemoryConnector, collection: str, item: Item, operation: str) -> RemoteItem:
    _create(self, collection, item, operation)
    raise errors.Throttled


def _forgets(self: MemoryConnector, collection: str, item: Item, operation: str) -> RemoteItem:
    made = _create(self, collection, item, "")
    return made.model_copy(update={"operation_id": operation})


def _claims(one: Any) -> Any:
    return one.model_copy(update={"operation_id": "mine"}) if isinstance(one, RemoteItem) else one


def _update_late(self: MemoryConnector, collection: str, ref: str, patch: Patch, old: str) -> Any:
    held = _update(self, collection, ref, patch, old)
    return held.model_copy(update={"version": old})


def _update_whole(self: MemoryConnector, collection: str, ref: str, patch: Patch, old: str) -> Any:
    every = frozenset(type(patch.item).model_fields) - {"uid"}
    return _update(self, collection, ref, patch.model_copy(update={"fields": every}), old)


def _expects_nothing(self: MemoryConnector, collection: str, ref: str, old: str) -> RemoteItem:
    found = self._memory.read(collection, ref)
    return _expect(self, collection, ref, getattr(found, "version", old))


def _delete_nothing(self: MemoryConnector, collection: str, ref: str, old: str) -> None:
    self._before("delete")
    self._expect(collection, ref, old)


def _gone_is_fine(self: MemoryConnector, collection: str, ref: str, old: str) -> None:
    try:
        _delete(self, collection, ref, old)
    except errors.Gone:
        return


def _create_elsewhere(self: MemoryConnector, collection: str, item: Item, operation: str) -> Any:
    made = _create(self, collection, item, operation)
    return made.model_copy(update={"ref": f"{made.ref}-short"})


def _mails(self: MemoryConnector, collection: str, item: Item, operation: str) -> RemoteItem:
    self._memory.record("mail")
    return _create(self, collection, item, operation)


def _never_clears(
    self: MemoryConnector, collection: str, ref: str, patch: Patch, old: str
) -> RemoteItem:
    filled = frozenset(name for name in patch.fields if getattr(patch.item, name))
    bodies = {"body"} if isinstance(patch.item, Appointment) else set()
    kept = patch.model_copy(update={"fields": filled - bodies})
    return _update(self, collection, ref, kept, old)


def _replaces(self: MemoryConnector, collection: str, ref: str, patch: Patch, old: str) -> Any:
    self._memory.set_flag(f"mark:{ref}", False)
    return _update(self, collection, ref, patch, old)


# -- faults


def _retrying(call: Any) -> Any:
    def again(self: MemoryConnector, *arguments: Any) -> Any:
        try:
            return call(self, *arguments)
        except errors.Transient:
            return call(self, *arguments)

    return again


def _raises_foreign(self: MemoryConnector, call: str) -> None:
    try:
        _before(self, call)
    except errors.Transient as error:
        raise KeyError(call) from error


def _sleeps(self: MemoryConnector, call: str) -> None:
    try:
        _before(self, call)
    except errors.Throttled as pause:
        raise errors.Throttled from pause


def _sign_in_is_transient(self: MemoryConnector, call: str) -> None:
    try:
        _before(self, call)
    except errors.BadCredentials as error:
        raise errors.Transient from error


def _lost_is_well(self: MemoryConnector, call: str) -> None:
    try:
        _after(self, call)
    except errors.Transient:
        return


def _garbage_is_empty(self: MemoryConnector) -> Any:
    try:
        return _collections(self)
    except errors.Transient:
        return []


# -- times


def _utc(item: Any) -> Slot:
    """The wall time, taken for UTC."""
    when: Slot = item.when
    if when.all_day:
        return when
    return when.model_copy(update={"start_zone": "UTC", "end_zone": "UTC"})


def _midnight(item: Any) -> Slot:
    """A whole day as the hours of a day."""
    when: Slot = item.when
    if not when.all_day:
        return when
    start, end = f"{when.start}T00:00:00", f"{when.end}T00:00:00"
    return Slot(start=start, end=end, start_zone="UTC", end_zone="UTC")


def _creates(change: Callable[[Item], Item]) -> Any:
    def create(self: MemoryConnector, collection: str, item: Item, operation: str) -> RemoteItem:
        return _create(self, collection, change(item), operation)

    return create


def _with(**fields: Any) -> Callable[[Item], Item]:
    return lambda item: item.model_copy(update={n: make(item) for n, make in fields.items()})


def _ascii(item: Any) -> str:
    title = item.display_name if isinstance(item, Contact) else item.subject
    return str(title).encode("ascii", "replace").decode()


def _day_before(item: Any) -> str:
    return f"{date.fromisoformat(item.due_day) - timedelta(days=1)}" if item.due_day else ""


def _message(key: str) -> dict[str, Message]:
    words = Text(en="x")
    return {key: Message(title=words, advice=words)}


_PLAIN = Form(fields=(Field(name="password", label=Text(en="Password", de="Passwort")),))


def _cut(page: ChangePage, cursor: str | None) -> dict[str, Any]:
    return {"more": False, "complete": True} if cursor is None else {}


def _stands_still(page: ChangePage, cursor: str | None) -> dict[str, Any]:
    return {} if cursor is None else {"changes": ()}


BUGS: tuple[Bug, ...] = (
    ("hooks-fit", MemoryCalendar, "authorize", _authorize_misspelt),
    ("describe-valid", MemoryCalendar, "describe", _described(version=lambda: str(next(_listed)))),
    ("both-languages", MemoryCalendar, "describe", _described(summary=lambda: Text(en="Only"))),
    ("icon-clean", MemoryCalendar, "describe", _described(icon=lambda: "<svg onload='x()'/>")),
    ("passwords-hidden", MemoryCalendar, "describe", _described(authorize_form=lambda: _PLAIN)),
    ("empty-form-refused", MemoryCalendar, "authorize", _grants_nothing),
    ("errors-worded", MemoryCalendar, "describe", _described(messages=lambda: _message("odd"))),
    ("authorize-offline", MemoryCalendar, "authorize", _calls_home),
    ("redirects-safe", MemoryCalendar, "describe", _described(sign_in_hosts=lambda: ("x.test",))),
    ("test-works", MemoryCalendar, "test", _tested(lambda told: told, really=False)),
    ("bad-credentials-fail", MemoryCalendar, "test", _tested(_always_well)),
    ("test-asks-the-service", MemoryCalendar, "test", _tested(_always_well)),
    ("account-stable", MemoryCalendar, "test", _tested(_other_account)),
    ("collections-listed", MemoryConnector, "collections", _collections_renamed),
    ("settings-fit", MemoryCalendar, "settings_form", _offers_strangers),
    ("closes", MemoryConnector, "close", _close_fails),
    ("lists-everything", MemoryConnector, "changes", _page(_cut)),
    ("ids-stable", MemoryConnector, "read", _reads(_wanders)),
    ("versions-tell", MemoryConnector, "read", _reads(_stale_version)),
    ("changes-told", MemoryConnector, "changes", _page(_stands_still)),
    (
        "nothing-new-is-quiet",
        MemoryConnector,
        "changes",
        lambda self, collection, cursor: _changes(self, collection, None),
    ),
    ("one-result-each", MemoryConnector, "read", _reads(lambda one: Missing(ref=one.ref))),
    ("reads-what-is-there", MemoryConnector, "read", _reads(_item_changed(when=_utc))),
    ("cursor-repeatable", MemoryConnector, "changes", _once),
    ("lost-cursor-said", MemoryConnector, "changes", _swallowing(errors.CursorLost, _EMPTY)),
    ("strange-cursor-said", MemoryConnector, "changes", _void_is_empty),
    (
        "gone-collection-said",
        MemoryConnector,
        "changes",
        _swallowing(errors.CollectionGone, _EMPTY),
    ),
    ("bad-item-alone", MemoryConnector, "read", _read_all_or_nothing),
    ("create-lands", MemoryConnector, "create", _create_twice),
    ("create-findable", MemoryConnector, "create", _forgets),
    ("strangers-have-no-operation", MemoryConnector, "read", _reads(_claims)),
    ("update-lands", MemoryConnector, "update", _update_late),
    ("update-writes-the-patch-alone", MemoryConnector, "update", _update_whole),
    ("update-conditional", MemoryConnector, "_expect", _expects_nothing),
    ("delete-lands", MemoryConnector, "delete", _delete_nothing),
    ("delete-conditional", MemoryConnector, "_expect", _expects_nothing),
    ("gone-said", MemoryConnector, "delete", _gone_is_fine),
    ("own-changes-told", MemoryConnector, "create", _create_elsewhere),
    ("no-mail", MemoryConnector, "create", _mails),
    ("fields-cleared", MemoryConnector, "update", _never_clears),
    ("error-survived", MemoryConnector, "_before", _raises_foreign),
    ("failed-write-is-told", MemoryConnector, "create", _retrying(_create)),
    ("lost-answer-is-told", MemoryConnector, "create", _retrying(_create)),
    ("landed-is-never-denied", MemoryConnector, "create", _denies),
    ("lost-answers-of-changes", MemoryConnector, "_after", _lost_is_well),
    ("writes-never-repeated", MemoryConnector, "create", _retrying(_create)),
    ("pause-is-told", MemoryConnector, "_before", _sleeps),
    ("garbage-is-no-list", MemoryConnector, "collections", _garbage_is_empty),
    ("hanging-ends", MemoryConnector, "changes", _swallowing(errors.Transient, _EMPTY)),
    ("refused-later", MemoryConnector, "_before", _sign_in_is_transient),
    ("nothing-swallowed", MemoryConnector, "changes", _swallowing(errors.Transient, _EMPTY)),
    ("zones-read", MemoryConnector, "read", _reads(_item_changed(when=_utc))),
    ("zones-written", MemoryConnector, "create", _creates(_with(when=_utc))),
    ("summer-time-edges", MemoryConnector, "read", _reads(_item_changed(when=_utc))),
    ("whole-days-read", MemoryConnector, "read", _reads(_item_changed(when=_midnight))),
    ("whole-days-written", MemoryConnector, "create", _creates(_with(when=_midnight))),
    ("series-read", MemoryConnector, "read", _reads(_item_changed(cancellations=lambda _: ()))),
    ("series-written", MemoryConnector, "create", _creates(_with(overrides=lambda _: {}))),
    ("tasks-read", MemoryConnector, "read", _reads(_item_changed(due_day=_day_before))),
    ("tasks-read", MemoryConnector, "read", _reads(_item_changed(done=lambda _: False))),
    ("tasks-written", MemoryConnector, "create", _creates(_with(due_day=_day_before))),
    ("tasks-written", MemoryConnector, "update", _never_clears),
    ("long-lists", MemoryConnector, "changes", _page(_cut)),
    ("odd-words-read", MemoryConnector, "read", _reads(_item_changed(subject=_ascii))),
    ("odd-words-written", MemoryConnector, "create", _creates(_with(subject=_ascii))),
    ("foreign-fields-kept", MemoryConnector, "update", _replaces),
    ("other-programs-conflict", MemoryConnector, "_expect", _expects_nothing),
    ("two-connectors", MemoryConnector, "_expect", _expects_nothing),
    ("secrets-unsaid", MemoryCalendar, "test", _test_logs),
    ("schedules-hold", MemoryConnector, "changes", _page(_cut)),
    ("schedules-hold", MemoryConnector, "changes", _page(_stands_still)),
    ("schedules-hold", MemoryConnector, "create", _create_twice),
    ("schedules-hold", MemoryConnector, "read", _reads(_item_changed(location=lambda _: "x"))),
)
