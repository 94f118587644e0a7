"""The calendar's page and the JSON that its script reads and writes.

Every write names the version that the page showed; when the entry has changed since, the answer
is 409 and nothing is written.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Blueprint, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from andock_core import audit
from andock_core.accounts import colleagues
from andock_core.calendar import bringing_back, convert, edit
from andock_core.calendar.access import EntryGone, open_entry, open_for_edit
from andock_core.calendar.convert import NeedsAgreement, NoSuchOccurrence
from andock_core.calendar.edit import Refused
from andock_core.calendar.entries import Entries, EntryChanged
from andock_core.calendar.expand import slot_at
from andock_core.calendar.occurrences import occurrence_document
from andock_core.calendar.window import Window
from andock_core.clock import now
from andock_core.connections import service
from andock_core.connections.errors import NotFound, NotReady, ToConfirm
from andock_core.storage.tables import Entry
from andock_sdk import Appointment
from andock_web import current, limits, undo
from andock_web.calendar import forms, page, planned, queries, sync_card, words
from andock_web.calendar.targets import Target, day_of, target_of
from andock_web.errors import json_error
from andock_web.packing import packed

pages = Blueprint(
    "calendar",
    __name__,
    url_prefix="/calendar",
    template_folder="templates",
    static_folder="static",
)
pages.register_blueprint(planned.acts)


@pages.get("/")
def show() -> str:
    """The calendar."""
    with current.core().storage.read(current.scope()) as session:
        others = colleagues(session)
    return render_template(
        "calendar/show.html",
        sync_cards=sync_card.html(sync_card.shown()),
        data=page.data(current.member(), others),
    )


@pages.get("/spans")
def spans() -> ResponseReturnValue:
    """What the viewer may see between two days, of themselves and of chosen colleagues."""
    first, last = day_of("from"), day_of("to")
    people = [who for who in request.args.get("people", "").split(",") if who][:100]
    core, viewer = current.core(), current.member()
    with core.storage.read(current.scope()) as session:
        found = queries.spans(session, core, viewer, first, last, [viewer.id, *people])
    return packed(jsonify(spans=found))


@pages.get("/entries/<entry_id>")
def entry(entry_id: str) -> ResponseReturnValue:
    """Everything about one's own entry, or about one occurrence of it (`at`)."""
    core, viewer = current.core(), current.member()
    with core.storage.read(current.scope()) as session:
        found, _item = open_entry(_entries(session), entry_id)
        details = queries.details(session, core.vault, viewer, found, request.args.get("at", ""))
    if details is None:
        raise EntryGone
    return jsonify(details)


@pages.post("/entries")
def create() -> ResponseReturnValue:
    """A new appointment, visible to colleagues."""
    form = forms.read(request.get_json())
    item = edit.new(forms.values(form, current.member().zone))
    with _writing() as session:
        made = _entries(session).create(item, visibility="appointment", origin="andock")
        return jsonify(entry=made.id, version=made.version), 201


@pages.post("/entries/<entry_id>")
def save(entry_id: str) -> ResponseReturnValue:
    """Change an appointment, a series, or one occurrence."""
    form = forms.read(request.get_json())
    zone = current.member().zone

    def changed(item: Appointment, target: Target) -> Appointment:
        if not target.occurrence:
            return edit.change(item, forms.values(form, zone, item))
        before = occurrence_document(item, target.occurrence)
        if before is None:
            raise Refused("occurrence.gone")
        return edit.change_occurrence(item, target.occurrence, forms.values(form, zone, before))

    return _edit(target_of(entry_id), changed)


@pages.post("/entries/<entry_id>/move")
def move(entry_id: str) -> ResponseReturnValue:
    """Something was dragged or resized: an appointment, one occurrence, or with it the series."""
    data = request.get_json()
    zone = current.member().zone

    def changed(item: Appointment, target: Target) -> Appointment:
        present = slot_at(item, target.at) if target.at else item.when
        if present is None:
            raise Refused("occurrence.gone")
        slot = forms.moved_slot(data, present, zone)
        if target.at and target.whole:
            return edit.move_series(item, target.at, slot)
        if target.at:
            return edit.move_occurrence(item, target.at, slot)
        return edit.move(item, slot)

    return _edit(target_of(entry_id), changed)


@pages.post("/entries/<entry_id>/delete")
def delete(entry_id: str) -> ResponseReturnValue:
    """Delete an appointment, a whole series, or one occurrence. The answer's `undo` undoes it."""
    target = target_of(entry_id)
    with _writing() as session:
        entries = _entries(session)
        found, item = open_for_edit(entries, entry_id, target.version)
        if target.occurrence:
            kept = bringing_back.kept_occurrence(found, item, target.occurrence)
            after = edit.cancel_occurrence(item, target.occurrence)
            entries.replace(found, after, expected_version=target.version)
        else:
            kept = bringing_back.kept_entry(found, item)
            entries.delete(found, expected_version=target.version)
    return jsonify(deleted=entry_id, undo=undo.token("entry", kept))


@pages.post("/undo")
def bring_back() -> ResponseReturnValue:
    """Take a delete back."""
    data = request.get_json()
    kept = undo.opened("entry", data.get("undo") if isinstance(data, dict) else None)
    with _writing() as session:
        found = bringing_back.bring_back(session, _entries(session), kept)
        return jsonify(entry=found.id, version=found.version)


@pages.post("/entries/<entry_id>/show")
def make_visible(entry_id: str) -> ResponseReturnValue:
    """Turn a private block, or one occurrence of it, into an appointment colleagues can read."""
    target, agreed = target_of(entry_id), request.get_json().get("agreed") is True

    def turn(session: Session, entries: Entries, found: Entry) -> None:
        convert.show(
            session,
            entries,
            found,
            expected_version=target.version,
            original_start=target.occurrence,
            agreed=agreed,
        )

    return _turn(target, turn, "block.converted")


@pages.post("/entries/<entry_id>/hide")
def make_private(entry_id: str) -> ResponseReturnValue:
    """Make it a private block again."""
    target = target_of(entry_id)

    def turn(session: Session, entries: Entries, found: Entry) -> None:
        convert.hide(
            session,
            entries,
            found,
            expected_version=target.version,
            original_start=target.occurrence,
        )

    return _turn(target, turn, "block.reversed")


@pages.get("/sync")
def sync() -> ResponseReturnValue:
    """The state of the member's connections; the script looks every second while one runs."""
    found = sync_card.shown()
    return jsonify(
        html=sync_card.html(found),
        running=any(card.running for card in found),
        stamps=sync_card.stamps(found),
        said="; ".join(f"{card.title}: {card.chip}" for card in found),
    )


@pages.post("/sync/<connection_id>")
def sync_now(connection_id: str) -> ResponseReturnValue:
    """Ask for a run now."""
    try:
        limits.call_out(limits.RUNS)
        service.request_sync(current.core(), current.scope(), connection_id)
    except (NotFound, NotReady):
        abort(404)
    except ToConfirm as waiting:
        return json_error(409, waiting.key)
    return sync()


@pages.errorhandler(Refused)
def refused(error: Refused) -> ResponseReturnValue:
    """Unusable input, with its field; nothing was written."""
    title, advice = words.error_words(error.key)
    return jsonify(error=error.key, title=title, advice=advice, field=error.field), 422


@pages.errorhandler(EntryChanged)
def changed_meanwhile(_error: EntryChanged) -> ResponseReturnValue:
    """Somebody was faster, or a run was."""
    return _said("entry.changed", 409)


@pages.errorhandler(undo.CannotUndo)
def too_late(_error: undo.CannotUndo) -> ResponseReturnValue:
    """The token is too old, or somebody else's."""
    return _said("entry.undo", 410)


@pages.errorhandler(EntryGone)
@pages.errorhandler(NoSuchOccurrence)
def gone(_error: Exception) -> ResponseReturnValue:
    """Not there, not any more, or never theirs: the same answer to all."""
    return _said("entry.gone", 404)


@pages.errorhandler(NeedsAgreement)
def needs_agreement(_error: NeedsAgreement) -> ResponseReturnValue:
    """Marked private: only with an explicit yes."""
    return _said("entry.marked", 422)


def _said(key: str, status: int) -> ResponseReturnValue:
    title, advice = words.error_words(key)
    return jsonify(error=key, title=title, advice=advice), status


def _edit(
    target: Target, changed: Callable[[Appointment, Target], Appointment]
) -> ResponseReturnValue:
    with _writing() as session:
        entries = _entries(session)
        found, item = open_for_edit(entries, target.entry_id, target.version)
        entries.replace(found, changed(item, target), expected_version=target.version)
        return jsonify(entry=found.id, version=found.version)


def _turn(
    target: Target, turn: Callable[[Session, Entries, Entry], None], action: str
) -> ResponseReturnValue:
    with _writing() as session:
        entries = _entries(session)
        found, _item = open_entry(entries, target.entry_id)
        turn(session, entries, found)
        audit.record(
            *(session, found.tenant_id, action),
            actor_id=found.owner_id,
            subject_id=found.owner_id,
            occurrence=bool(target.occurrence),
        )
        return jsonify(entry=found.id, version=found.version)


def _entries(session: Session) -> Entries:
    member = current.member()
    window = Window.around(now())
    return Entries(session, current.core().vault, member.tenant_id, member.id, window)


@contextmanager
def _writing() -> Iterator[Session]:
    with current.core().storage.write(current.scope()) as session:
        yield session
