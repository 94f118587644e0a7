"""The test of a grant, step by step: reach, look at the certificate, sign in, list calendars."""

from dataclasses import replace

from andock_exchange_calendar import autodiscover, discovery, folders, operations
from andock_exchange_calendar.address import (
    ews_url,
    host_of,
    is_autodiscover,
    is_online,
    parse_user,
    port_of,
    server_of,
    split,
)
from andock_exchange_calendar.certificate import inspect
from andock_exchange_calendar.client import INTERACTIVE, Access, Client, product
from andock_exchange_calendar.errors import to_error
from andock_exchange_calendar.failures import Redirected, network_error
from andock_exchange_calendar.progress import Progress
from andock_exchange_calendar.signin import choose
from andock_exchange_calendar.soap import Element, fields, text_of
from andock_sdk import Account, Context, Grant, Report, TestReport, Text, errors
from andock_sdk.https import CONNECT_TIMEOUT, NETWORK_ERRORS

TITLES = {
    "search": Text(en="Find the server", de="Server finden"),
    "reached": Text(en="Reach the server", de="Server erreichen"),
    "certificate": Text(en="Check the certificate", de="Zertifikat prüfen"),
    "sign_in": Text(en="Sign in", de="Anmelden"),
    "version": Text(en="Recognise the version", de="Version erkennen"),
    "calendars": Text(en="Read the calendars", de="Kalender lesen"),
}


def run(context: Context, grant: Grant, report: Report) -> TestReport:
    """Try the grant. Every failure ends the test with its key; nothing is tried twice."""
    access = Access.of(grant)
    searching = not access.url or is_autodiscover(access.url)
    titles = {key: text for key, text in TITLES.items() if key != "search" or searching}
    try:
        return _Test(context, Progress(report, titles)).run(
            replace(access, version="", sign_in=""), searching=searching
        )
    except errors.AndockError as failure:
        context.log.info("test ended with %s (%s)", failure.key, failure.detail)
        return TestReport(error=failure.key, confirm=to_confirm(failure))


def to_confirm(failure: errors.AndockError) -> str:
    """The host that the failure leads to, for the member to see and agree to; "" for none."""
    if isinstance(failure, autodiscover.Unconfirmed):
        return failure.server
    if isinstance(failure, Redirected) and split(failure.location).scheme == "https":
        usual = ews_url(failure.location)
        return server_of(usual) if usual else ""
    return ""


class _Test:
    def __init__(self, context: Context, progress: Progress) -> None:
        self._context = context
        self._progress = progress

    def run(self, access: Access, *, searching: bool) -> TestReport:
        if searching:
            access = self._search(access)
        if is_online(access.url):
            raise errors.MemberError("mailbox.online", "server name")
        self._reach(access)
        client = Client(self._context, access, INTERACTIVE)
        try:
            self._sign_in(client)
            self._recognise(client)
            self._list(client)
            whose = account(client, access.username)
        finally:
            client.close()
        facts = {
            "server": access.url,
            "version": client.access.version,
            "sign_in": client.access.sign_in,
            "product": product(client.build),
        }
        return TestReport(account=whose, facts=facts)

    def _search(self, access: Access) -> Access:
        with self._progress.step("search") as step:
            user = parse_user(access.username)
            if user is None or not user.domain:
                raise errors.MemberError("search.needs_address", "no mail domain")
            named = ews_url(discovery.operators_server(self._context, user.domain))
            if named and not access.url:
                step.detail = Text(en=server_of(named))
                return replace(access, url=named)
            found = autodiscover.find(self._context, access, user)
            step.detail = Text(en=server_of(found.url))
            if found.foreign:
                raise autodiscover.Unconfirmed(server_of(found.url), detail="another domain")
            return replace(access, url=found.url)

    def _reach(self, access: Access) -> None:
        host, port = host_of(access.url), port_of(access.url)
        with self._progress.step("reached") as step:
            step.detail = Text(en=server_of(access.url))
            try:
                sock = self._context.egress.connect(host, port, CONNECT_TIMEOUT)
            except NETWORK_ERRORS as broken:
                raise network_error(broken) from broken
        with self._progress.step("certificate") as step:
            step.detail = inspect(self._context.egress, sock, host, port).words()

    def _sign_in(self, client: Client) -> None:
        with self._progress.step("sign_in") as step:
            methods = client.offer()
            step.detail = _offered(methods)
            used = choose(methods)
            client.access = replace(client.access, sign_in=used)
            self._greet(client)
            name = client.access.username
            step.detail = Text(en=f"{name} with {used}", de=f"{name} mit {used}")

    def _greet(self, client: Client) -> None:
        """The first call that is signed in. A server that is too old says so in place of an
        answer; that belongs to the next step."""
        self._too_old: errors.AndockError | None = None
        try:
            (self._first,) = client.negotiate()
        except errors.AdminError as failure:
            if failure.key != "server.too_old":
                raise
            self._too_old = failure

    def _recognise(self, client: Client) -> None:
        with self._progress.step("version") as step:
            if self._too_old is not None:
                raise self._too_old
            step.detail = Text(en=product(client.build))

    def _list(self, client: Client) -> None:
        with self._progress.step("calendars") as step:
            if not self._first.ok:
                code = self._first.code
                raise (
                    errors.AdminError("mailbox.none", code)
                    if code == "ErrorItemNotFound"
                    else (to_error(code, self._first.pause, self._context.now()))
                )
            folders.require_read(self._first.message)
            found = folders.collections(client)
            count = sum(one.kind == "calendar" for one in found)
            step.detail = Text(
                en=f"{count} {'calendar' if count == 1 else 'calendars'} found.",
                de=f"{count} Kalender gefunden.",
            )


def _offered(methods: list[str]) -> Text:
    names = ", ".join(method[:20] for method in methods[:5])
    return Text(
        en=f"The server offers: {names or 'nothing'}.",
        de=f"Der Server bietet an: {names or 'nichts'}.",
    )


def account(client: Client, username: str) -> Account:
    """The mailbox's primary address by the directory; where the directory has no single answer,
    the user name."""
    wanted = username.rpartition("\\")[2]
    outcomes = client.call(operations.resolve_name(wanted))
    addresses = _addresses(outcomes[0].message) if outcomes and outcomes[0].ok else []
    names = (wanted.lower(), wanted.lower().partition("@")[0])
    exact = [one for one in addresses if one.lower() in names]
    exact = exact or [one for one in addresses if one.lower().partition("@")[0] in names]
    for candidates in (addresses, exact):
        if len(candidates) == 1:
            return Account(key=candidates[0].lower(), label=candidates[0])
    return Account(key=username.lower(), label=username)


def _addresses(message: Element) -> list[str]:
    found = []
    for resolution in fields(message).get("ResolutionSet", ()):
        mailbox = fields(fields(resolution)["Mailbox"])
        address = text_of(mailbox, "EmailAddress")
        if "@" in address and text_of(mailbox, "RoutingType") in ("", "SMTP"):
            found.append(address)
    return found
