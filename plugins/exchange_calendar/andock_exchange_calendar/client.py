"""One mailbox's EWS: requests in, opened answers out, every failure an SDK error."""

from dataclasses import dataclass, replace

from exchangelib.version import EXCHANGE_2010, EXCHANGE_2013, Build

from andock_exchange_calendar import operations, transport
from andock_exchange_calendar.address import web_address
from andock_exchange_calendar.errors import fault_error, milliseconds, to_error
from andock_exchange_calendar.failures import http_error, network_error
from andock_exchange_calendar.signin import authenticator, choose, offered
from andock_exchange_calendar.soap import (
    Children,
    Element,
    NotSoap,
    ServerVersion,
    envelope,
    fields,
    open_envelope,
    text_of,
)
from andock_sdk import Context, Grant, errors
from andock_sdk.https import NETWORK_ERRORS, Answer, Wire

OLDEST = "Exchange2010"
"""Asked for until the server has said what it is: every server that we support knows it."""
NEWEST = "Exchange2013_SP1"
"""All that Andock needs is in it, and every newer server knows it."""


INTERACTIVE = 15.0
"""Seconds of patience while a person looks at the page."""


@dataclass(frozen=True)
class Access:
    """Where and how to sign in. `version` and `sign_in` are empty until a test has found out."""

    url: str
    username: str
    password: str
    version: str = ""
    sign_in: str = ""

    @classmethod
    def of(cls, grant: Grant) -> "Access":
        """What a grant says."""
        return cls(
            url=grant.facts.get("server", ""),
            username=grant.secrets.get("username", ""),
            password=grant.secrets.get("password", ""),
            version=grant.facts.get("version", ""),
            sign_in=grant.facts.get("sign_in", ""),
        )

    def __repr__(self) -> str:
        return f"Access({self.url!r})"


@dataclass(frozen=True)
class Outcome:
    """One response message: its children, and its code ("NoError" when all is well)."""

    inside: Children
    code: str
    pause: int | None = None

    @property
    def message(self) -> Element:
        """The response message itself."""
        return self.inside.element

    @property
    def ok(self) -> bool:
        """Whether the server did what it was asked."""
        return self.code == "NoError"


class Client:
    """Calls on one mailbox. A wrong password raises BadCredentials after a single attempt, and
    no call is ever sent twice."""

    def __init__(self, context: Context, access: Access, patience: float | None = None) -> None:
        """`patience`: seconds of silence to bear in each call, less where somebody waits."""
        self._context = context
        self._patience = patience
        self.access = access
        self.build: ServerVersion | None = None
        self._wire: Wire | None = None

    def call(self, request: Element, messages: int = 1) -> list[Outcome]:
        """Send a request; its response messages in order, as many as are expected. Raises SDK
        errors for whatever concerns the call as a whole."""
        if not self.access.version:
            self.negotiate()
        return self._outcomes(self._send(request, self.access.version), messages)

    def one(self, request: Element) -> Element:
        """The single response message of a request. Raises the error that it holds."""
        (outcome,) = self.call(request)
        return self.checked(outcome)

    def checked(self, outcome: Outcome) -> Element:
        """The outcome's message. Raises the error that it holds."""
        if not outcome.ok:
            raise to_error(outcome.code, outcome.pause, self._context.now())
        return outcome.message

    def error_of(self, outcome: Outcome) -> errors.AndockError:
        """The error of an outcome that is not ok."""
        return to_error(outcome.code, outcome.pause, self._context.now())

    @property
    def is_old(self) -> bool:
        """Whether the server is an Exchange 2010. Asks it when no test has found out."""
        if not self.access.version:
            self.negotiate()
        return self.access.version.startswith("Exchange2010")

    @property
    def zone(self) -> str:
        """The member's zone (IANA): where days begin when Exchange does not say."""
        return self._context.zone

    def link(self, query: str) -> str:
        """Where Outlook in the browser opens an item, from what Exchange says of it; "" for
        nothing usable."""
        return web_address(self.access.url, query)

    def negotiate(self) -> list[Outcome]:
        """Ask for the calendar in the oldest version and pin the newest that the server knows."""
        answer = self._send(operations.get_folders(("calendar",)), OLDEST)
        self.access = replace(self.access, version=api_version(self.build))
        return self._outcomes(answer, 1)

    def offer(self) -> list[str]:
        """The sign-in methods that the server offers to whoever has not signed in."""
        answer = self._post(envelope(operations.get_folders(("calendar",)), OLDEST), signed=False)
        if answer.status != 401:
            self._raise_for(answer)
            self._open(answer)
            raise errors.AdminError("server.not_exchange", "answers without a sign-in")
        return offered(answer.headers.get("WWW-Authenticate", ""))

    def choose_sign_in(self) -> str:
        """Find out how to sign in, and keep to it."""
        self.access = replace(self.access, sign_in=choose(self.offer()))
        return self.access.sign_in

    def close(self) -> None:
        """Let go of the connection."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def _send(self, request: Element, version: str) -> Element:
        if not self.access.sign_in:
            self.choose_sign_in()
        answer = self._post(envelope(request, version), signed=True)
        if answer.status == 401:
            raise self._refusal(answer)
        self._raise_for(answer)
        return self._open(answer)

    def _post(self, body: bytes, *, signed: bool) -> Answer:
        if self._wire is None:
            self._wire = transport.wire(self._context.egress)
        access = self.access
        auth = authenticator(access.sign_in, access.username, access.password) if signed else None
        try:
            return self._wire.send("POST", access.url, body, auth, self._patience)
        except NETWORK_ERRORS as broken:
            raise network_error(broken) from broken

    def _refusal(self, answer: Answer) -> errors.AndockError:
        """Why the sign-in failed. A server that no longer offers the method never saw it."""
        methods = offered(answer.headers.get("WWW-Authenticate", ""))
        if choose(methods) != self.access.sign_in:
            return errors.AdminError("sign_in.changed", "other methods than at the test")
        return errors.BadCredentials(detail=self.access.sign_in)

    def _raise_for(self, answer: Answer) -> None:
        headers = answer.headers
        error = http_error(
            answer.status,
            headers.get("Location", ""),
            headers.get("Retry-After", ""),
            self._context.now(),
        )
        if error is not None:
            raise error

    def _open(self, answer: Answer) -> Element:
        try:
            opened = open_envelope(answer.content)
        except NotSoap as other:
            raise _not_soap(answer) from other
        self.build = opened.version or self.build
        if opened.fault is not None:
            raise fault_error(opened.fault, self._context.now())
        assert opened.payload is not None  # noqa: S101 - an envelope has one or the other
        return opened.payload

    def _outcomes(self, payload: Element, messages: int) -> list[Outcome]:
        holder = fields(payload)["ResponseMessages"]
        outcomes = [_outcome(message) for message in holder]
        if len(outcomes) != messages:
            raise errors.Transient("answer.broken", f"{len(outcomes)} of {messages} answers")
        return outcomes


def _outcome(message: Element) -> Outcome:
    inside = fields(message)
    code = text_of(inside, "ResponseCode")
    if message.get("ResponseClass") == "Warning" and code != "ErrorBatchProcessingStopped":
        code = "NoError"
    return Outcome(inside, code or "NoError", _pause(inside.get("MessageXml")))


def _not_soap(answer: Answer) -> errors.AndockError:
    if answer.status == 500:
        return errors.Transient("server.error", "status 500")
    if answer.is_a("xml"):
        return errors.Transient("answer.broken", "the answer is not well-formed")
    if b"<html" in answer.content[:4096].lower():
        return errors.AdminError("server.login_page", "a page instead of an answer")
    return errors.AdminError("server.not_exchange", "not SOAP")


def _pause(details: Element | None) -> int | None:
    for value in details if details is not None else ():
        if value.get("Name") == "BackOffMilliseconds":
            return milliseconds(value.text)
    return None


def api_version(version: ServerVersion | None) -> str:
    """The API version to pin: as new as the server, at most `NEWEST`.

    Raises AdminError for Exchange 2007 and older.
    """
    if version is None:
        return OLDEST
    found = Build(version.major, version.minor, version.build)
    if found < EXCHANGE_2010:
        raise errors.AdminError("server.too_old", "older than 2010")
    if found < Build(15, 0, 847):
        return str(found.api_version())
    return NEWEST


def product(version: ServerVersion | None) -> str:
    """The server's name for people."""
    if version is None:
        return "Exchange Server"
    names = {(14, 0): "2010", (15, 0): "2013", (15, 1): "2016", (15, 2): "2019"}
    if version.major == EXCHANGE_2013.major_version and version.minor == 2:
        newest = version.build >= 2562  # the first build of Subscription Edition
        return "Exchange Server Subscription Edition" if newest else "Exchange Server 2019"
    name = names.get((version.major, version.minor if version.major == 15 else 0), "")
    return f"Exchange Server {name}".strip()
