"""An integration whose members sign in at another site: "redirect-calendar".

Its calendars are those of the memory plugin. It uses everything of the contract that goes beyond a
form: a redirect with PKCE, tokens that rotate, the operator's settings, more access later, jobs of
its own, calls from the other side, observers. Its identity provider is `tests.support.identity`, at
the address in ANDOCK_IDENTITY_URL; what its observers and jobs are told is written into the file
that ANDOCK_OBSERVED names, if any.
"""

import base64
import hashlib
import json
import os
import secrets
from http.client import HTTPConnection
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode, urlsplit

from andock_sdk import (
    Account,
    Answers,
    ConnectionFacts,
    Context,
    Diagnosis,
    Field,
    Form,
    Grant,
    Handshake,
    HookAnswer,
    HookRequest,
    Listing,
    Message,
    OwnJob,
    Permission,
    Redirect,
    Report,
    Step,
    SyncJob,
    TestReport,
    Text,
    errors,
    hookimpl,
    standard,
)
from tests.support.memory_plugin import MemoryConnector, service

SLUG = "redirect-calendar"
IDENTITY = "ANDOCK_IDENTITY_URL"
OBSERVED = "ANDOCK_OBSERVED"
CLIENT_STATE = "only-the-other-side-knows"

_WORD = Text(en="Redirect", de="Umleitung")


def integration() -> "RedirectCalendar":
    """What the entry point calls."""
    return RedirectCalendar()


class RedirectCalendar:
    """The integration."""

    contract = "1.0"

    @hookimpl
    def describe(self) -> Listing:
        """How it presents itself."""
        return Listing(
            slug=SLUG,
            title=Text(en="Redirect Calendar", de="Umleitungskalender"),
            publisher="Andock tests",
            version="1.0.0",
            summary=_WORD,
            description=_WORD,
            icon='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
            '<rect x="3" y="5" width="18" height="16" rx="3" fill="#2a7de1"/></svg>',
            categories=("calendar",),
            works_with=_WORD,
            data_goes_to=_WORD,
            permissions=(Permission(icon="calendar", what=_WORD, access=_WORD),),
            sign_in_hosts=("login.redirect.example",),
            operator_form=Form(
                fields=(
                    Field(name="client_id", label=Text(en="Client id")),
                    Field(name="client_secret", label=Text(en="Secret"), kind="password"),
                )
            ),
            handshake=Handshake(parameter="validationToken"),
            webhook_headers=("x-signature",),
            messages={
                "token.refused": Message(
                    title=Text(en="The sign-in has ended", de="Die Anmeldung ist abgelaufen"),
                    advice=Text(en="Sign in again.", de="Melden Sie sich wieder an."),
                )
            },
        )

    @hookimpl
    def authorize(self, context: Context, answers: Answers, wanted: Answers) -> Redirect:
        """Lead to the provider, with the scopes that the settings need."""
        verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
        digest = hashlib.sha256(verifier.encode()).digest()
        scopes = ["calendar"] + ["contacts"] * standard.is_on(wanted, standard.CONTACTS_ON)
        query = {
            "client_id": str(context.operator["client_id"]),
            "redirect_uri": context.callback_url,
            "state": state,
            "scope": " ".join(scopes),
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        }
        url = f"{os.environ[IDENTITY]}/authorize?{urlencode(query)}"
        return Redirect(url=url, state=state, memory={"verifier": verifier})

    @hookimpl
    def authorized(self, context: Context, params: dict[str, str], memory: dict[str, Any]) -> Grant:
        """Turn the code into a token."""
        if params.get("error") == "access_denied":
            raise errors.Declined
        if params.get("error") == "approval":
            raise errors.ApprovalNeeded(
                url=f"{os.environ[IDENTITY]}/admin-consent?state={token_urlsafe(12)}"
            )
        asked = {"code": params.get("code", ""), "code_verifier": memory["verifier"]}
        return _grant(_tokens(context, asked))

    @hookimpl
    def test(self, context: Context, grant: Grant, report: Report) -> TestReport:
        """Renew the token; that it works is the test."""
        fresh = _renewed(context, grant)
        title = Text(en="Signed in", de="Angemeldet")
        report(Step(key="sign-in", title=title, state="done", milliseconds=1))
        user = fresh.secrets["user"]
        return TestReport(
            account=Account(key=user, label=user), facts={"scopes": fresh.secrets["scope"]}
        )

    @hookimpl
    def settings_form(self, context: Context, grant: Grant, settings: Answers) -> Form:
        """The usual questions."""
        return standard.settings_form(service().collections(grant.secrets["user"]), settings)

    @hookimpl
    def sync_jobs(self, context: Context, settings: Answers) -> list[SyncJob]:
        """The usual declarations; contacts need their scope."""
        allowed = context.facts.get("scopes", "").split()
        if standard.is_on(settings, standard.CONTACTS_ON) and "contacts" not in allowed:
            raise errors.MoreAccess
        return standard.sync_jobs(settings, connect)

    @hookimpl
    def check_operator(self, context: Context, report: Report) -> Diagnosis:
        """A look at the secret."""
        good = context.operator.get("client_secret") != "refused"
        title = Text(en="Ask the provider", de="Den Anbieter fragen")
        report(Step(key="ask", title=title, state="done" if good else "failed"))
        return Diagnosis(error="" if good else "token.refused")

    @hookimpl
    def jobs(self) -> list[OwnJob]:
        """One per connection, one for all."""
        here = "tests.support.redirect_plugin"
        return [
            OwnJob(name="renew", call=f"{here}:renew", minutes=60),
            OwnJob(name="sweep", call=f"{here}:sweep", minutes=1440, per="installation"),
        ]

    @hookimpl
    def webhook(self, context: Context, grant: Grant, request: HookRequest) -> HookAnswer:
        """A change, if the caller knows what only the other side knows."""
        said = json.loads(request.body or b"{}")
        if said.get("fault") == "transient":
            raise errors.Transient
        calls = context.state.get("calls") or 0
        assert isinstance(calls, int)
        context.state.put("calls", calls + 1)
        context.state.put("signature", request.headers.get("x-signature", ""))
        return HookAnswer(sync=said.get("clientState") == CLIENT_STATE)

    @hookimpl
    def connection_added(self, connection: ConnectionFacts) -> None:
        """Told."""
        observed("connection_added", connection)

    @hookimpl
    def connection_removed(self, connection: ConnectionFacts) -> None:
        """Told."""
        observed("connection_removed", connection)

    @hookimpl
    def connection_needs_attention(self, connection: ConnectionFacts, error: str) -> None:
        """Told."""
        observed("connection_needs_attention", connection, error=error)

    @hookimpl
    def sync_finished(self, connection: ConnectionFacts, counts: dict[str, int]) -> None:
        """Told."""
        observed("sync_finished", connection, counts=counts)


def connect(context: Context, grant: Grant) -> MemoryConnector:
    """A connector; its token is renewed first, and so replaces the stored one."""
    fresh = _renewed(context, grant)
    return MemoryConnector(service(), fresh.secrets["user"], context)


def renew(context: Context, grant: Grant) -> None:
    """The own job of a connection: renew its token, note its address for calls."""
    _renewed(context, grant)
    context.state.put("hook", context.webhook_url("changes"))
    _note({"job": "renew"})


def sweep(context: Context) -> None:
    """The own job of the installation."""
    _note({"job": "sweep", "client": context.operator.get("client_id")})


def observed(hook: str, connection: ConnectionFacts, **more: Any) -> None:
    """Write down what an observer was told."""
    _note({"hook": hook, **connection.model_dump(), **more})


def _note(said: dict[str, Any]) -> None:
    if path := os.environ.get(OBSERVED):
        with open(path, "a") as file:
            file.write(json.dumps(said) + "\n")


def _renewed(context: Context, grant: Grant) -> Grant:
    tokens = _tokens(context, {"refresh_token": grant.secrets["refresh"]}, "refresh_token")
    fresh = _grant(tokens).model_copy(update={"facts": grant.facts})
    context.replace_grant(fresh)
    return fresh


def _grant(tokens: dict[str, Any]) -> Grant:
    return Grant(
        secrets={
            "refresh": tokens["refresh_token"],
            "user": tokens["user"],
            "scope": tokens["scope"],
        }
    )


def _tokens(
    context: Context, asked: dict[str, str], kind: str = "authorization_code"
) -> dict[str, Any]:
    """What the token endpoint answers. Raises BadCredentials when it refuses."""
    place = urlsplit(os.environ[IDENTITY])
    host, port = str(place.hostname), place.port or 80
    client = {name: str(context.operator[name]) for name in ("client_id", "client_secret")}
    wire = HTTPConnection(host, port, timeout=5)
    wire.sock = context.egress.connect(host, port, 5)
    try:
        body = urlencode({**client, **asked, "grant_type": kind})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        wire.request("POST", "/token", body, headers)
        tokens: dict[str, Any] = json.loads(wire.getresponse().read())
    finally:
        wire.close()
    if "error" in tokens:
        raise errors.BadCredentials("token.refused")
    return tokens
