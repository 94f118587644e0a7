"""What a member does to move a connection, and how far that is. Every call is for the scope's
member alone.

The new connection is authorized and tested like any other (`andock_core.connections.service`), in
the state "moving". Then the member says what takes over from what; `looking` pairs both sides in a
worker; `switching` does what the member agreed to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from andock_core import clock
from andock_core.authorizing import operator
from andock_core.connections import sealed, service
from andock_core.connections.effects import IN_USE, lock_member
from andock_core.connections.errors import AnswersRefused, NotReady, WaitsForOperator
from andock_core.connections.status import UNDER_WAY, is_lost, latest, offered_form
from andock_core.governance.rules import state_for
from andock_core.moving import carrying
from andock_core.moving.errors import NotMoving, TakenTwice
from andock_core.moving.pairing import Place, propose
from andock_core.moving.partners import DIGEST, locked, move_of, source_of, wanted
from andock_core.moving.prospect import Prospect
from andock_core.moving.states import CHOOSING, MOVING, SWITCHED
from andock_core.storage import Attempt, Collection, Connection, Move, Scope
from andock_sdk import Answers, Choice, Form, Listing

if TYPE_CHECKING:
    from andock_core.core import Core


@dataclass(frozen=True)
class Standing:
    """A move, from either of its connections. `state`: choosing, switched."""

    old_id: str
    new_id: str
    state: str


@dataclass(frozen=True)
class Goal:
    """An integration to move to. `suggested`: it says itself that such mailboxes move there."""

    listing: Listing
    suggested: bool


@dataclass(frozen=True)
class Row:
    """A collection of the old side, and what may take over from it; `proposed` is the ref of one
    of these, "" none."""

    id: str
    name: str
    kind: str
    role: str
    offered: tuple[Choice, ...]
    proposed: str


@dataclass(frozen=True)
class Seen:
    """How far looking is. `id` is what agreeing is bound to. `percent` is None while it is not
    known. `stale`: another choice was made since."""

    id: str
    state: str
    error: str
    stale: bool
    done: int = 0
    total: int = 0
    percent: int | None = None
    prospect: Prospect | None = None

    @property
    def under_way(self) -> bool:
        """Whether to look again."""
        return self.state in UNDER_WAY


def goals(core: "Core", scope: Scope, old_id: str) -> list[Goal]:
    """The integrations that the member may move this connection to, the suggested ones first."""
    with core.storage.read(scope) as session:
        here = service.own(session, scope, old_id).integration
        found = [
            Goal(listed.listing, here in listed.listing.moves_from)
            for listed in core.catalog.healthy()
            if listed.listing is not None
            and not operator.missing(core, listed.listing)
            and state_for(session, scope.tenant_id, scope.member_id, listed.slug) == "on"
        ]
    return sorted(found, key=lambda goal: (not goal.suggested, goal.listing.slug))


def begin(core: "Core", scope: Scope, old_id: str, slug: str) -> str:
    """Begin to move a connection in use to an integration; the new connection's id. A move that was
    begun to the same one is gone on with, one to another is given up for it.

    Raises NotReady when the connection is not in use or not agreed to, NotMoving when its place is
    taken already, and what adding an integration raises.
    """
    offered = service.listing(core, slug)
    if operator.missing(core, offered):
        raise WaitsForOperator
    with core.storage.write(scope) as session:
        lock_member(session, scope.member_id)
        old = service.own(session, scope, old_id, lock=True)
        present = move_of(session, old_id)
        if present is not None and (present.new_id == old_id or present.state != CHOOSING):
            raise NotMoving
        if old.state not in IN_USE or old.wanted != old.confirmed:
            raise NotReady
        if present is not None:
            begun = session.get_one(Connection, present.new_id)
            if begun.integration == slug:
                return begun.id
            session.delete(begun)  # the move goes with it
            session.flush()
        made = service.make(session, scope, offered, MOVING)
        session.add(
            Move(
                tenant_id=scope.tenant_id,
                owner_id=scope.member_id,
                old_id=old_id,
                new_id=made.id,
            )
        )
        return made.id


def standing(core: "Core", scope: Scope, connection_id: str) -> Standing | None:
    """The move that a connection has to do with, None when there is none. Raises NotFound."""
    with core.storage.read(scope) as session:
        service.own(session, scope, connection_id)
        move = move_of(session, connection_id)
        return None if move is None else Standing(move.old_id, move.new_id, move.state)


def standings(core: "Core", scope: Scope) -> dict[str, Standing]:
    """All moves of the member, by the ids of both connections."""
    with core.storage.read(scope) as session:
        rows = session.scalars(select(Move).where(Move.owner_id == scope.member_id))
        found = [Standing(row.old_id, row.new_id, row.state) for row in rows]
    return {number: each for each in found for number in (each.old_id, each.new_id)}


def known_address(core: "Core", scope: Scope, new_id: str) -> str:
    """The mail address of the old side's account, "" when it is known by another name."""
    with core.storage.read(scope) as session:
        old = session.get(Connection, source_of(session, new_id))
        return old.account_label if old is not None and "@" in old.account_label else ""


def rows(core: "Core", scope: Scope, new_id: str) -> list[Row]:
    """What the old connection synchronises, and what may take over. Raises NotMoving, NotReady when
    the choices of the new side were not read within the last hour."""
    with core.storage.read(scope) as session:
        move, old, new = _both(session, scope, new_id)
        form = offered_form(session, core.vault, new)
        if form is None:
            raise NotReady
        settings = sealed.open_settings(core.vault, old)
        mine = _present(session, old)
        names = {row.id: sealed.open_name(core.vault, row, old.owner_id) for row in mine}
        offers = {row.id: carrying.offered(form, settings, row.ref) for row in mine}
        proposed = _proposed(form, settings, mine, names, offers)
        chosen = {row.id: str(move.taken.get(row.id, "")) for row in mine} if move.taken else {}
        return [
            Row(
                id=row.id,
                name=names[row.id],
                kind=row.kind,
                role=row.role,
                offered=offers[row.id],
                proposed=_still_there(chosen.get(row.id), offers[row.id], proposed.get(row.id, "")),
            )
            for row in mine
        ]


def choose(core: "Core", scope: Scope, new_id: str, taken: Mapping[str, str]) -> str:
    """Say what takes over: old collection's id → the new side's ref, "" nothing. The settings
    follow from that and are saved in a worker, which then looks what switching over would do.

    The attempt's id is returned. Raises AnswersRefused with a key per row, TakenTwice, NotMoving,
    NotReady.
    """
    offered = rows(core, scope, new_id)
    chosen = {row.id: taken.get(row.id, "") for row in offered}
    allowed = {row.id: {choice.value for choice in row.offered} for row in offered}
    wrong = {
        number: "field.not_offered"
        for number, ref in chosen.items()
        if ref and ref not in allowed[number]
    }
    if wrong:
        raise AnswersRefused(wrong)
    refs = [ref for ref in chosen.values() if ref]
    if len(set(refs)) < len(refs):
        raise TakenTwice
    with core.storage.write(scope) as session:
        move, old, new = locked(session, scope, new_id)
        if move.state != CHOOSING:
            raise NotMoving
        form = offered_form(session, core.vault, new)
        if form is None:
            raise NotReady
        move.taken = {number: ref for number, ref in chosen.items() if ref}
        settings = sealed.open_settings(core.vault, old)
        by_ref = {row.ref: chosen[row.id] for row in _present(session, old) if chosen.get(row.id)}
        answers: Answers = carrying.answers(form, settings, by_ref)
    return service.save_settings(core, scope, new_id, answers, fates={})


def start_look(core: "Core", scope: Scope, new_id: str) -> str:
    """See in a worker what switching over would do; the attempt's id. Raises NotMoving, NotReady
    before anything was chosen, QueueDown."""
    with core.storage.read(scope) as session:
        move, _old, new = _both(session, scope, new_id)
        if move.state != CHOOSING:
            raise NotMoving
        if new.settings is None or new.grant is None:
            raise NotReady
        about = wanted(new)
    return service.start(core, scope, new_id, "pairing", {DIGEST: about})


def seen(core: "Core", scope: Scope, new_id: str) -> Seen | None:
    """The newest look; None when there is none, or its hour is over. Raises NotFound."""
    with core.storage.read(scope) as session:
        new = service.own(session, scope, new_id)
        query = (
            select(Attempt)
            .where(
                Attempt.connection_id == new_id,
                Attempt.kind == "pairing",
                Attempt.expires_at > clock.now(),
            )
            .order_by(Attempt.created_at.desc(), Attempt.id)
        )
        row = session.scalars(query).first()
        return None if row is None else _seen(core, row, new)


def saving(core: "Core", scope: Scope, new_id: str) -> tuple[str, str, bool]:
    """How saving the choice goes: its state, its error, and whether more access has to be allowed
    first; all empty when nothing newer than the last look or sign-in is known. Raises NotFound."""
    newest = latest(core, scope, new_id, "save", "pairing", "test", "choices")
    if newest is None or newest.kind != "save":
        return "", "", False
    return newest.state, newest.error, newest.needs_more


def give_up(core: "Core", scope: Scope, new_id: str) -> str:
    """Before the switch: the new connection goes, and all is as if nothing had been begun; the old
    one's id. Raises NotMoving."""
    with core.storage.read(scope) as session:
        move, _old, _new = _both(session, scope, new_id)
        if move.state != CHOOSING:
            raise NotMoving
        old_id = move.old_id
    service.disconnect(core, scope, new_id, keep_entries=True)
    return old_id


def end(core: "Core", scope: Scope, new_id: str) -> None:
    """Disconnect the old side: nothing is deleted there or here, but the move cannot be taken back
    any more. Raises NotMoving."""
    with core.storage.read(scope) as session:
        move, _old, _new = _both(session, scope, new_id)
        if move.state != SWITCHED:
            raise NotMoving
        old_id = move.old_id
    service.disconnect(core, scope, old_id, keep_entries=True)


def _both(session: Session, scope: Scope, new_id: str) -> tuple[Move, Connection, Connection]:
    mine = (Move.new_id == new_id, Move.owner_id == scope.member_id)
    move = session.scalars(select(Move).where(*mine)).one_or_none()
    if move is None:
        raise NotMoving
    return move, session.get_one(Connection, move.old_id), session.get_one(Connection, new_id)


def _present(session: Session, old: Connection) -> list[Collection]:
    query = select(Collection).where(
        Collection.connection_id == old.id, Collection.retired.is_(False)
    )
    return list(
        session.scalars(query.order_by(Collection.kind, Collection.role.desc(), Collection.id))
    )


def _still_there(chosen: str | None, offered: tuple[Choice, ...], proposed: str) -> str:
    """What was chosen, unless it is not offered any more: more access names things anew."""
    if chosen is None or (chosen and chosen not in {choice.value for choice in offered}):
        return proposed
    return chosen


def _proposed(
    form: Form,
    settings: Answers,
    mine: list[Collection],
    names: dict[str, str],
    offers: dict[str, tuple[Choice, ...]],
) -> dict[str, str]:
    defaults = {row.id: carrying.default(form, settings, row.ref) for row in mine}
    old = [Place(row.id, names[row.id], default=bool(defaults[row.id])) for row in mine]
    new = {
        row.id: [
            Place(choice.value, choice.label.en, default=choice.value == defaults[row.id])
            for choice in offers[row.id]
        ]
        for row in mine
    }
    return propose(old, new)


def _seen(core: "Core", row: Attempt, new: Connection) -> Seen:
    draft = sealed.open_sealed(core.vault, row, "draft") or {}
    result = sealed.open_sealed(core.vault, row, "result") or {}
    progress = result.get("progress") or {}
    lost = is_lost(row)
    found = result.get("prospect")
    return Seen(
        id=row.id,
        state="failed" if lost else row.state,
        error="attempt.lost" if lost else row.error,
        stale=draft.get(DIGEST) != wanted(new),
        done=progress.get("done", 0),
        total=progress.get("total", 0),
        percent=progress.get("percent"),
        prospect=Prospect.model_validate(found) if found else None,
    )
