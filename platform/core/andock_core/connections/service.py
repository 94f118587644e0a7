"""What a member does with their connections. Every call is for the scope's member alone: another
member's connection is NotFound, like one that never was.

No plugin's code runs here. Whatever asks the plugin is an attempt: a row with a sealed draft and
a job for a worker (`andock_core.connections.attempts`), watched by its id.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from andock_core import audit, clock
from andock_core.authorizing import operator, sign_ins
from andock_core.connections import alarm, answers as checking, away, letting_go, sealed
from andock_core.connections.effects import IN_USE, lock_member
from andock_core.connections.errors import (
    NotFound,
    NotOffered,
    NotReady,
    OnRequest,
    SwitchedOff,
    ToConfirm,
    TooMany,
    WaitsForOperator,
)
from andock_core.connections.status import UNDER_WAY, is_lost, latest, offered_form
from andock_core.doctor import starting
from andock_core.governance import consent
from andock_core.governance.rules import state_for
from andock_core.jobs.queue import QueueDown
from andock_core.moving.states import PARKED
from andock_core.storage import Attempt, Connection, Scope
from andock_core.storage.types import new_id
from andock_sdk import Answers, ConnectionFacts, Form, Listing

if TYPE_CHECKING:
    from andock_core.core import Core

MOST_CONNECTIONS = 20
"""Per member. One has a handful; the rest is a script gone wild."""

TASKS = {
    "search": "search",
    "test": "test",
    "choices": "choices",
    "save": "choices",
    "preview": "preview",
    "pairing": "pairing",
    "doctor": "doctor",
}
"""The job for each kind of attempt: putting a choice into effect asks one hook, like reading it."""

LOOKS = ("preview", "pairing")
"""Attempts that look at what was wanted when they began."""

ATTEMPT_LIFE = timedelta(hours=1)
"""After this a draft is deleted, saved or not."""


def add(core: "Core", scope: Scope, slug: str) -> str:
    """Add an integration: a connection in state "added", its id returned.

    One that was added and not yet authorized is taken up again, so a double click makes one. The
    member consents to the access that the integration asks for. Raises NotOffered,
    WaitsForOperator, TooMany, and SwitchedOff or OnRequest when the company says so.
    """
    offered = listing(core, slug)
    if operator.missing(core, offered):
        raise WaitsForOperator
    with core.storage.write(scope) as session:
        lock_member(session, scope.member_id)
        state = state_for(session, scope.tenant_id, scope.member_id, slug)
        if state == "off":
            raise SwitchedOff
        own = select(Connection).where(Connection.owner_id == scope.member_id)
        begun = session.scalars(own.filter_by(integration=slug, state="added")).first()
        if begun is not None:
            return begun.id
        return make(session, scope, offered).id


def make(session: Session, scope: Scope, offered: Listing, state: str = "added") -> Connection:
    """A connection without a grant, in the caller's transaction, which has locked the member. The
    member consents to the access that the integration asks for. Raises TooMany, SwitchedOff,
    OnRequest."""
    allowed = state_for(session, scope.tenant_id, scope.member_id, offered.slug)
    if allowed == "off":
        raise SwitchedOff
    if allowed == "request":
        raise OnRequest
    count = session.scalar(
        select(func.count(Connection.id)).where(Connection.owner_id == scope.member_id)
    )
    if (count or 0) >= MOST_CONNECTIONS:
        raise TooMany
    connection = Connection(
        id=new_id(),
        tenant_id=scope.tenant_id,
        owner_id=scope.member_id,
        integration=offered.slug,
        state=state,
        consented=consent.agreed_to(offered),
    )
    session.add(connection)
    session.flush()
    return connection


def go_elsewhere(core: "Core", scope: Scope, connection_id: str) -> str:
    """Add the integration that the last test or search named instead, with what it said to carry
    over; the new connection's id. A connection that was only begun makes way for it, and so does
    one that was to take another's place: the new one takes it. One in use moves: its mailbox is
    somewhere else by now, and beside it everything would be there twice.

    Raises NotOffered when none was named or it is not installed, and what beginning a move raises.
    """
    from andock_core.moving import service as moving
    from andock_core.moving.partners import source_of

    tried = latest(core, scope, connection_id, "test", "search")
    if tried is None or tried.elsewhere is None:
        raise NotOffered
    with core.storage.read(scope) as session:
        in_use = own(session, scope, connection_id).state in IN_USE
        source = connection_id if in_use else source_of(session, connection_id)
    slug = tried.elsewhere.integration
    made = moving.begin(core, scope, source, slug) if source else add(core, scope, slug)
    with core.storage.write(scope) as session:
        begun = own(session, scope, made, lock=True)
        form = listing(core, begun.integration).authorize_form
        if form is not None and begun.grant is None:
            carried = checking.without_secrets(form, dict(tried.elsewhere.answers))
            begun.access = sealed.seal(core.vault, begun, "access", carried)
        only_begun = not source and own(session, scope, connection_id).state == "added"
    if only_begun and made != connection_id:
        disconnect(core, scope, connection_id, keep_entries=True)
    return made


def start_search(core: "Core", scope: Scope, connection_id: str, answers: Answers) -> str:
    """Look for the server in a worker; the attempt's id. The form may be half filled in.

    The password, if typed already, is neither kept nor handed to the plugin.
    """
    form = _access_form(core, scope, connection_id)
    draft = checking.without_secrets(form, checking.typed(form, answers))
    return start(core, scope, connection_id, "search", draft)


def start_test(
    core: "Core",
    scope: Scope,
    connection_id: str,
    answers: Answers,
    *,
    session_id: str = "",
    wanted: Answers | None = None,
) -> str:
    """Authorize and test in a worker; the attempt's id. Raises AnswersRefused.

    Where the integration leads to another site's sign-in, the attempt ends in the state "away"; the
    member has to come back in the browser session `session_id` (see `come_back`). `wanted`: the
    settings that the access has to be enough for, by default the present ones.

    While one is queued or running its id is returned and nothing else starts: a double click
    makes one sign-in. The first test of a connection and a reconnect are the same call; a
    connection in use keeps its account (`account.other` when the test reaches another).
    """
    form = _access_form(core, scope, connection_id)
    draft = checking.checked(form, answers)
    gone = away.Away(session_id=session_id, wanted=wanted)
    return start(core, scope, connection_id, "test", away.together(draft, gone))


def come_back(core: "Core", scope: Scope, session_id: str, params: Mapping[str, str]) -> str:
    """A member came back from another site's sign-in, with its answer: the test goes on in a
    worker; the connection's id. Raises `sign_ins.SignInRefused`."""
    given = sign_ins.of_query(params)
    found = sign_ins.come_back(core, scope, session_id, given)
    gone = away.Away(session_id, found.wanted, given, found.memory)
    start(core, scope, found.connection_id, "test", away.together(found.answers, gone))
    return found.connection_id


def start_doctor(
    core: "Core",
    scope: Scope,
    connection_id: str,
    answers: Answers | None = None,
    *,
    write_probe: bool = False,
) -> str:
    """Find out in a worker what is wrong; the attempt's id.

    Without `answers` the kept grant is examined (NotReady when there is none), else what they say;
    a password that is missing from them leaves the sign-in out. Raises AnswersRefused.
    """
    draft: Answers = {}
    if answers is None:
        with core.storage.read(scope) as session:
            if own(session, scope, connection_id).grant is None:
                raise NotReady
    else:
        form = _access_form(core, scope, connection_id)
        draft = checking.checked(_passwords_optional(form), answers)
    together = starting.together(draft, write_probe=write_probe)
    return start(core, scope, connection_id, "doctor", together)


def start_choices(core: "Core", scope: Scope, connection_id: str) -> str:
    """Read live, in a worker, what can be synchronised; the attempt's id. Raises NotReady."""
    with core.storage.read(scope) as session:
        if own(session, scope, connection_id).grant is None:
            raise NotReady
    return start(core, scope, connection_id, "choices", {})


def save_settings(
    core: "Core",
    scope: Scope,
    connection_id: str,
    answers: Answers,
    fates: Mapping[str, str] | None = None,
) -> str:
    """Check the choice and put it into effect in a worker; the attempt's id.

    `fates` says what becomes of what is switched off (see `letting_go`): while something is
    undecided the attempt ends with `letting_go.ask` and says in `asks` what it is about. Raises
    AnswersRefused when an answer is none of the choices that were read, NotReady when none were
    read within the last hour. The attempt ends with `calendar.taken` (`contacts.taken`,
    `planning.taken`) when another connection has that role; else the connection is active. Where
    that changed what is synchronised, its preview starts; else a run is requested.
    """
    with core.storage.read(scope) as session:
        connection = own(session, scope, connection_id)
        form = offered_form(session, core.vault, connection)
    if form is None:
        raise NotReady
    draft = letting_go.together(checking.checked(form, answers), fates or {})
    return start(core, scope, connection_id, "save", draft)


def request_sync(core: "Core", scope: Scope, connection_id: str) -> None:
    """Ask for a run now. Raises NotReady before anything was chosen, ToConfirm before the member
    agreed to its preview, SwitchedOff and AccessAsked while it may not run."""
    from andock_core.governance import standing
    from andock_core.jobs import due

    with core.storage.read(scope) as session:
        connection = own(session, scope, connection_id)
        if connection.state not in IN_USE:
            raise NotReady
        if connection.wanted != connection.confirmed:
            raise ToConfirm
    standing.require(core, scope, connection_id)
    due.request_run(core, scope, connection_id, trigger="manual")


def disconnect(
    core: "Core", scope: Scope, connection_id: str, *, keep_entries: bool, actor_id: str = ""
) -> None:
    """Let go of the other side: its entries there stay as they are. `actor_id` is who does it,
    when that is not the owner.

    Grant, notebook, drafts, cursors and bases are destroyed. Imported entries stay here when
    `keep_entries`, else they go. Andock's own appointments always stay. A run under way ends at
    its next transaction, because its lease is gone. Of two connections of a move the one that has
    no purpose without this one goes too (`andock_core.moving.partners.goes_too`).
    """
    from andock_core.jobs import observe
    from andock_core.moving.partners import goes_too
    from andock_core.runs.detach import detach

    with core.storage.write(scope) as session:
        connection = own(session, scope, connection_id, lock=True)
        if (partner := goes_too(session, connection_id)) is not None:
            detach(session, core.vault, partner.id, keep_entries=True)
            session.delete(partner)
        detach(session, core.vault, connection_id, keep_entries)
        session.execute(delete(Attempt).where(Attempt.connection_id == connection_id))
        facts = ConnectionFacts(
            connection_id=connection_id,
            tenant_id=connection.tenant_id,
            integration=connection.integration,
            state="removed",
        )
        if connection.state != "added":  # else nothing was ever connected
            audit.record(
                *(session, connection.tenant_id, "connection.removed"),
                actor_id=actor_id or scope.member_id,
                subject_id=scope.member_id,
                integration=connection.integration,
                kept=keep_entries,
            )
        alarm.settled(session, connection_id)
        session.delete(connection)
    observe.announce(core, "connection_removed", facts)


def own(session: Session, scope: Scope, connection_id: str, *, lock: bool = False) -> Connection:
    """The scope's member's connection. Raises NotFound."""
    query = select(Connection).where(
        Connection.id == connection_id, Connection.owner_id == scope.member_id
    )
    connection = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if connection is None:
        raise NotFound
    return connection


def listing(core: "Core", slug: str) -> Listing:
    """How the integration presents itself. Raises NotOffered when it is missing or broken."""
    listed = core.catalog.get(slug)
    if listed is None or listed.listing is None:
        raise NotOffered
    return listed.listing


def _passwords_optional(form: Form) -> Form:
    fields = (
        field.model_copy(update={"required": False}) if field.kind == "password" else field
        for field in form.fields
    )
    return Form(fields=tuple(fields), intro=form.intro)


def _access_form(core: "Core", scope: Scope, connection_id: str) -> Form:
    with core.storage.read(scope) as session:
        slug = own(session, scope, connection_id).integration
    offered = listing(core, slug)
    if offered.authorize_form is None and not offered.sign_in_hosts:
        raise NotOffered
    return offered.authorize_form or Form(fields=())


def start(core: "Core", scope: Scope, connection_id: str, kind: str, draft: Answers) -> str:
    """One attempt of a kind at a time: the one under way, or a fresh one with its job. A preview
    under way of what is no longer wanted does not count.

    Raises NotReady when another has taken its place. Raises QueueDown, and then nothing is left of
    the draft. Raises SwitchedOff, AccessAsked while
    nothing may be done with the connection.
    """
    from andock_core.governance import standing

    standing.require(core, scope, connection_id)
    with core.storage.write(scope) as session:
        connection = own(session, scope, connection_id, lock=True)
        if connection.state == PARKED:
            raise NotReady
        for running in session.scalars(
            select(Attempt).where(
                Attempt.connection_id == connection_id,
                Attempt.kind == kind,
                Attempt.state.in_(UNDER_WAY),
            )
        ):
            other = kind in LOOKS and draft != sealed.open_sealed(core.vault, running, "draft")
            if not (is_lost(running) or other):
                return running.id
        attempt = Attempt(
            id=new_id(),
            tenant_id=scope.tenant_id,
            owner_id=scope.member_id,
            connection_id=connection.id,
            kind=kind,
            expires_at=clock.now() + ATTEMPT_LIFE,
        )
        attempt.draft = sealed.seal(core.vault, attempt, "draft", draft)
        session.add(attempt)
        attempt_id = attempt.id
    try:
        core.queue.enqueue("interactive", TASKS[kind], attempt_id)
    except QueueDown:
        with core.storage.write(scope) as session:
            session.execute(delete(Attempt).where(Attempt.id == attempt_id))
        raise
    return attempt_id
