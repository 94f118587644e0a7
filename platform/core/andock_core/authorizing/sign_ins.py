"""Members who went to another site to sign in: remembered when they go, recognised once when they
come back."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from andock_core import clock
from andock_core.connections.errors import ConnectionRefused
from andock_core.storage import Scope, SignIn
from andock_core.storage.types import new_id
from andock_core.vault import Label
from andock_sdk import Answers, Redirect
from andock_sdk.errors import PluginBug

if TYPE_CHECKING:
    from andock_core.core import Core

LASTS = timedelta(minutes=10)
REMEMBERED = timedelta(days=1)
"""So long one that has expired is known as such."""
MOST_BYTES = 64 * 1024
MOST_PARAMETERS, LONGEST_PARAMETER = 40, 16 * 1024


class SignInRefused(ConnectionRefused):
    """Somebody came back from another site, and it does not count. `connection_id`: whose it was,
    where the visitor may know."""

    key: ClassVar[str] = "sign_in.unknown"

    def __init__(self, connection_id: str = "") -> None:
        super().__init__()
        self.connection_id = connection_id


class NoState(SignInRefused):
    """The answer says nothing about which sign-in it belongs to."""

    key = "sign_in.no_state"


class Unknown(SignInRefused):
    """No such sign-in, or not of this company."""

    key = "sign_in.unknown"


class SomeoneElse(SignInRefused):
    """Another member began it."""

    key = "sign_in.someone_else"


class OtherSession(SignInRefused):
    """It was begun in another browser, or before signing out of Andock."""

    key = "sign_in.other_session"


class Used(SignInRefused):
    """It came back before."""

    key = "sign_in.used"


class Expired(SignInRefused):
    """It took longer than `LASTS`."""

    key = "sign_in.expired"


@dataclass(frozen=True)
class CameBack:
    """A sign-in that counts, with what was remembered of it."""

    connection_id: str
    answers: Answers = field(repr=False)
    wanted: Answers | None = field(repr=False)
    memory: dict[str, Any] = field(repr=False)


def begin(
    core: "Core",
    scope: Scope,
    connection_id: str,
    session_id: str,
    redirect: Redirect,
    answers: Answers,
    wanted: Answers | None,
) -> None:
    """Remember a member who is about to go. Raises PluginBug for a state that was used before."""
    try:
        memory = json.dumps(redirect.memory)
    except (TypeError, ValueError) as error:
        raise PluginBug(detail="authorize: a memory that is not JSON") from error
    if len(memory) > MOST_BYTES:
        raise PluginBug(detail="authorize: a memory over 64 kB")
    moment = clock.now()
    row = SignIn(
        id=new_id(),
        tenant_id=scope.tenant_id,
        owner_id=scope.member_id,
        connection_id=connection_id,
        session_id=session_id,
        digest=_digest(redirect.state),
        created_at=moment,
        expires_at=moment + LASTS,
    )
    kept = {"memory": redirect.memory, "answers": answers, "wanted": wanted}
    row.memory = core.vault.seal_json(_label(row), kept)
    try:
        with core.storage.write(scope) as session:
            session.add(row)
    except IntegrityError as error:
        raise PluginBug(detail="authorize: a state that was used before") from error


def come_back(core: "Core", scope: Scope, session_id: str, params: Mapping[str, str]) -> CameBack:
    """The sign-in that an answer belongs to, used up by this. Raises SignInRefused."""
    state = params.get("state", "")
    if not state:
        raise NoState
    with core.storage.write(scope) as session:
        found = select(SignIn).where(SignIn.digest == _digest(state)).with_for_update()
        row = session.scalars(found).one_or_none()
        if row is None:
            raise Unknown
        if row.owner_id != scope.member_id:
            raise SomeoneElse
        if row.session_id != session_id:
            raise OtherSession(row.connection_id)
        if row.used_at is not None:
            raise Used(row.connection_id)
        if row.expires_at <= clock.now():
            raise Expired(row.connection_id)
        kept = core.vault.open_json(_label(row), row.memory or b"")
        row.used_at, row.memory = clock.now(), None
        return CameBack(row.connection_id, kept["answers"], kept["wanted"], kept["memory"])


def purge(session: Session, moment: datetime) -> None:
    """Forget those that ended long ago."""
    session.execute(
        delete(SignIn).where(SignIn.expires_at < moment - REMEMBERED),
        execution_options={"synchronize_session": False},
    )


def of_query(pairs: Mapping[str, str]) -> dict[str, str]:
    """What of a query is handed on: no more, and nothing longer, than any sign-in has."""
    few = list(pairs.items())[:MOST_PARAMETERS]
    return {name: value for name, value in few if len(name) + len(value) <= LONGEST_PARAMETER}


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


def _label(row: SignIn) -> Label:
    return Label(row.tenant_id, row.owner_id, "sign_in.memory", row.id)
