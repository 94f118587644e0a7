"""A request to Graph: access, faults, the handler, the log."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from ..cloud import Call as Logged, Reply, Request
from ..errors import EwsError
from ..faults import BEFORE, GRAPH, Fault
from ..identity import scopes, tokens
from ..identity.scopes import CONTAINS
from ..identity.tokens import Access
from ..model import Json
from ..state import MailboxState
from . import batch, routes
from .context import Answer, Call
from .errors import GraphError, of_store

if TYPE_CHECKING:
    from ..sandbox import Sandbox

# Sees each answer with the type of what it holds; for tests.
Recorder = Callable[[Request, Answer], None]


class Performer(Protocol):
    """Carries out one request on behalf of whoever sent the batch."""

    def __call__(self, request: Request, *, in_batch: bool = False) -> Answer:
        """The answer; errors are answers too."""


class Service:
    """Graph for one request and what its batch holds."""

    def __init__(self, box: Sandbox, request: Request, recorder: Recorder | None = None) -> None:
        self._box = box
        self._request = request
        self._recorder = recorder
        self._id = str(uuid.uuid4())
        self.access: Access | None = None
        self.operation = ""

    @property
    def mailbox(self) -> str:
        """The address of whoever asks; empty before ``admit``, and for nobody."""
        return self.access.email if self.access is not None else ""

    @property
    def client_id(self) -> str:
        """The app that asks."""
        return self.access.client_id if self.access is not None else ""

    def admit(self) -> Reply | None:
        """Look at the access token and at what is asked for; a refusal, or None to go on."""
        header = self._request.headers.get("authorization", "")
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            return self._refuse(
                GraphError(401, text="Access token is empty.", headers=_challenge(""))
            )
        self.access = self._access(token.strip())
        if self.access is None:
            told = "Lifetime validation failed, the token is expired or was revoked."
            refusal = GraphError(401, text=told, headers=_challenge("invalid_token"))
            return self._refuse(refusal)
        self.operation = _operation(self._request)
        return None

    def _access(self, token: str) -> Access | None:
        found = tokens.read_access(self._box.directory, token)
        if found is None:
            # What the sandbox issues from Python may do everything.
            state = self._box.tokens.owner(token)
            found = Access(state.account.email, "", frozenset(CONTAINS)) if state else None
        if found is None or self._box.state_of(found.email) is None:
            return None
        return found

    def _refuse(self, error: GraphError) -> Reply:
        self._log(self._request, error.status, in_batch=False)
        return self.reply(Answer(error.status, error.body(self._id), error.headers))

    def fail(self, fault: Fault) -> Reply:
        """The refusal of a planned fault."""
        return self._refuse(planned(fault, self._request))

    def answer(self) -> Answer:
        """Carry the request out."""
        return self._perform(self._request)

    def reply(self, made: Answer) -> Reply:
        """An answer as it goes out."""
        headers = (
            *made.headers,
            ("request-id", self._id),
            ("client-request-id", self._request.headers.get("client-request-id", self._id)),
            ("OData-Version", "4.0"),
        )
        if made.raw is not None:
            return Reply(made.status, made.raw[0], made.raw[1], headers)
        body = (
            b"" if made.content is None else json.dumps(made.content, ensure_ascii=False).encode()
        )
        return Reply(made.status, body, headers=headers)

    def _perform(self, request: Request, *, in_batch: bool = False) -> Answer:
        try:
            made = self._carry_out(request, in_batch=in_batch)
        except GraphError as error:
            made = Answer(error.status, error.body(self._id), error.headers)
        except EwsError as refusal:
            told = of_store(refusal)
            made = Answer(told.status, told.body(self._id), told.headers)
        self._log(request, made.status, in_batch=in_batch)
        if self._recorder is not None:
            self._recorder(request, made)
        return made

    def _carry_out(self, request: Request, *, in_batch: bool) -> Answer:
        access = self.access
        state = self._box.state_of(access.email) if access is not None else None
        if access is None or state is None:
            raise GraphError(401)
        call = Call(self._box, state, request, access)
        parts = self._own(state, routes.segments(request.path))
        if parts == ["$batch"] and request.method == "POST":
            return batch.answer(call, self._perform)
        route, call.parts = routes.find(request.method, parts)
        if route.scope and not scopes.allows(access.scopes, route.scope):
            raise GraphError(403)
        if in_batch:
            fault = self._box.faults.take(route.operation, access.email, kinds=BEFORE)
            if fault is not None:
                raise planned(fault, request)
        if route.locked:
            with self._box.change():
                made = route.handler(call)
        else:
            made = route.handler(call)
        if call.applied:
            applied = ("Preference-Applied", ", ".join(dict.fromkeys(call.applied)))
            made = replace(made, headers=(*made.headers, applied))
        return made

    def _own(self, state: MailboxState, parts: list[str]) -> list[str]:
        """The path as one of ``me``: users have access to their own mailbox alone. GraphError."""
        if len(parts) < 2 or parts[0].lower() != "users":
            return parts
        owner = self._box.directory.object_id(state.account)
        wanted = parts[1].casefold()
        if wanted in (state.account.email.casefold(), owner):
            return ["me", *parts[2:]]
        known = any(
            wanted in (one.account.email.casefold(), self._box.directory.object_id(one.account))
            for one in self._box.states
        )
        if known:
            raise GraphError(403)
        raise GraphError(404, "ErrorInvalidUser", f"The requested user '{parts[1]}' is invalid.")

    def _log(self, request: Request, status: int, *, in_batch: bool) -> None:
        url = request.path + (f"?{request.query}" if request.query else "")
        operation = _operation(request)
        with self._box.lock:
            line = Logged(request.method, url, operation, self.mailbox, status, in_batch)
            self._box.cloud.log.append(line)


def _operation(request: Request) -> str:
    parts = routes.segments(request.path)
    if parts == ["$batch"]:
        return "batch"
    if len(parts) > 1 and parts[0].lower() == "users":
        parts = ["me", *parts[2:]]
    try:
        return routes.find(request.method, parts)[0].operation
    except GraphError:
        return ""


def _challenge(error: str) -> tuple[tuple[str, str], ...]:
    words = 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/'
    words += 'authorize", client_id="00000003-0000-0000-c000-000000000000"'
    return (("WWW-Authenticate", f'{words}, error="{error}"' if error else words),)


def planned(fault: Fault, request: Request) -> GraphError:
    """A planned fault as Graph tells it."""
    wait = fault.retry_after
    if wait is None and fault.backoff_ms is not None:
        wait = str(-(-fault.backoff_ms // 1000))
    headers = (("Retry-After", wait),) if wait else ()
    if not fault.kind.isdecimal():
        error = of_store(EwsError(fault.kind))
        return GraphError(error.status, error.code, error.text, headers)
    if fault.kind == "410":
        place = f"{request.base}{request.path}?$deltatoken="
        headers = (*headers, ("Location", place))
    if fault.kind == "401":
        headers = (*headers, *_challenge("invalid_token"))
    return GraphError(int(fault.kind), headers=headers)


def rewritten(made: Answer, kind: str) -> Answer:
    """An answer with links to another host, or with each of its lines twice."""
    if not isinstance(made.content, dict):
        return made
    content: Json = dict(made.content)
    if kind == "replayed" and isinstance(content.get("value"), list):
        content["value"] = [one for line in content["value"] for one in (line, line)]
    for name in ("@odata.nextLink", "@odata.deltaLink"):
        if kind == "foreign-link" and name in content:
            rest = content[name].split("/", 3)[3]
            content[name] = f"https://graph.elsewhere.invalid/{rest}"
    return replace(made, content=content)


__all__ = ["GRAPH", "Performer", "Service", "planned", "rewritten"]
