"""The search for the server, step by step and without a password.

The operator's table; https probes of `autodiscover.<domain>` and `<domain>`; then the SRV record
and the redirect by plain http. The last two are unsigned, so they are hints: a host of another
domain is only ever proposed to the member.
"""

import http.client
from collections.abc import Callable
from functools import partial

from andock_exchange_calendar import transport
from andock_exchange_calendar.address import (
    EWS_PATH,
    POX_PATH,
    ews_url,
    host_of,
    is_online,
    is_own,
    parse_user,
    server_of,
    split,
)
from andock_exchange_calendar.failures import network_error
from andock_exchange_calendar.progress import Progress, Running
from andock_exchange_calendar.signin import offered
from andock_sdk import Context, Discovered, Egress, Report, Text, errors
from andock_sdk.https import NETWORK_ERRORS, Answer

_TIMEOUT = 6.0
_REDIRECTS = (301, 302, 303, 307, 308)


def run(context: Context, username: str, report: Report) -> Discovered:
    """Find the server for a user name."""
    user = parse_user(username)
    if user is None:
        return Discovered(error="username.form" if username.strip() else "username.missing")
    search = _Search(context, user.domain, report)
    try:
        return search.run(user.domain or user.label)
    except errors.AndockError as failure:
        context.log.info("search ended with %s (%s)", failure.key, failure.detail)
        return Discovered(error=failure.key)
    finally:
        search.close()


def operators_server(context: Context, domain: str) -> str:
    """The server that the operator named for a mail domain or a Windows domain, or ""."""
    return context.server_for(domain) or context.server_for(domain.lower())


class _Search:
    def __init__(self, context: Context, domain: str, report: Report) -> None:
        self._context = context
        self._domain = domain
        self._wire = transport.wire(context.egress)
        self._refused = ""
        self._progress = Progress(report, _titles(domain))

    def close(self) -> None:
        self._wire.close()

    def run(self, label: str) -> Discovered:
        named = self._operator(label)
        if named is not None:
            self._progress.skip(*(key for key in _titles(self._domain) if key != "operator"))
            return named
        if not self._domain:
            return Discovered(error="search.needs_address")
        steps: tuple[tuple[str, Callable[[], str | None]], ...] = (
            ("autodiscover", partial(self._probe, f"autodiscover.{self._domain}")),
            ("domain", partial(self._probe, self._domain)),
            ("srv", self._srv),
            ("hint", self._hint),
        )
        for place, (key, ask) in enumerate(steps):
            with self._progress.step(key) as step:
                found = ask()
                _tell(step, found)
            if found is not None:
                self._progress.skip(*(later for later, _ in steps[place + 1 :]))
                return self._judge(found)
        return Discovered(error=self._refused or "search.nothing")

    def _operator(self, label: str) -> Discovered | None:
        with self._progress.step("operator") as step:
            server = operators_server(self._context, label)
            _tell(step, server or None)
        if not server:
            return None
        if is_online(server):
            return Discovered(error="mailbox.online")
        return Discovered(server=server)

    def _judge(self, server: str) -> Discovered:
        """A host of the domain is taken; another is proposed, and nothing was sent to it."""
        if is_online(server):
            return Discovered(error="mailbox.online")
        usual = ews_url(server)
        if usual is None:  # DNS and redirects may say anything
            return Discovered(error="search.nothing")
        server = server_of(usual)
        if is_own(host_of(server), self._domain):
            return Discovered(server=server)
        return Discovered(server=server, confirm=host_of(server))

    def _probe(self, host: str) -> str | None:
        """A host of the domain that answers as Exchange does, or where it redirects to."""
        answers = self._ask(host)
        if any(_is_exchange(answer) for answer in answers):
            return host
        for answer in answers[1:]:
            if answer.status in _REDIRECTS:
                return self._follow(answer.headers.get("Location", ""), host)
        return None

    def _ask(self, server: str) -> list[Answer]:
        """What a host answers, without a password, where EWS and Autodiscover would be."""
        answers: list[Answer] = []
        for path in (EWS_PATH, POX_PATH):
            try:
                answers.append(self._wire.send("GET", f"https://{server}{path}", timeout=_TIMEOUT))
            except NETWORK_ERRORS as broken:
                self._note(network_error(broken))
                break
            except errors.AndockError as refusal:
                self._note(refusal)
                break
            if _is_exchange(answers[-1]):
                break
        return answers

    def _note(self, error: errors.AndockError) -> None:
        """Remember that the operator's policy stood in the way, in case nothing is found."""
        if isinstance(error, errors.EgressRefused):
            self._refused = error.key

    def _follow(self, location: str, origin: str) -> str | None:
        """Where a redirect leads, over https alone. A host of the domain has to answer as
        Exchange; another one is not asked anything."""
        parts = split(location)
        if parts.scheme != "https" or not parts.hostname:
            return None
        server = server_of(location)
        if is_online(server) or not is_own(host_of(server), self._domain):
            return server
        if server == origin:
            return None
        return self._probe_once(server)

    def _probe_once(self, server: str) -> str | None:
        """A host of the domain that answers as Exchange does."""
        if any(_is_exchange(answer) for answer in self._ask(server)):
            return server
        return None

    def _srv(self) -> str | None:
        for host, port in self._context.egress.srv(f"_autodiscover._tcp.{self._domain}"):
            host = host.rstrip(".").lower()
            server = host if port == 443 else f"{host}:{port}"
            if is_online(server) or not is_own(host, self._domain):
                return server
            found = self._probe_once(server)
            if found is not None:
                return found
        return None

    def _hint(self) -> str | None:
        host = f"autodiscover.{self._domain}"
        try:
            location = _plain_redirect(self._context.egress, host)
        except NETWORK_ERRORS as broken:
            self._note(network_error(broken))
            return None
        except errors.AndockError as refusal:
            self._note(refusal)
            return None
        return self._follow(location, host)


def _is_exchange(answer: Answer) -> bool:
    """401 with a sign-in of Exchange's kind, or Autodiscover's own XML. A website that answers
    every path with a page is none."""
    if answer.status == 401:
        methods = offered(answer.headers.get("WWW-Authenticate", ""))
        return bool({"ntlm", "negotiate", "basic"} & set(methods))
    return answer.status == 200 and answer.is_a("xml")


def _plain_redirect(egress: Egress, host: str) -> str:
    """Where plain http points to, or "". Nothing but the question is sent."""
    connection = http.client.HTTPConnection(host, 80, timeout=_TIMEOUT)
    connection.sock = egress.connect(host, 80, _TIMEOUT)
    try:
        connection.sock.settimeout(_TIMEOUT)
        connection.request("GET", POX_PATH, headers={"User-Agent": "Andock/1.0"})
        answer = connection.getresponse()
        return answer.headers.get("Location", "") if answer.status in _REDIRECTS else ""
    except http.client.HTTPException:
        return ""
    finally:
        connection.close()


def _tell(step: Running, found: str | None) -> None:
    if found is None:
        step.skipped = True
        step.detail = Text(en="Nothing found here.", de="Hier ist nichts zu finden.")
    else:
        step.detail = Text(en=found[:253])


def _titles(domain: str) -> dict[str, Text]:
    titles = {
        "operator": Text(
            en="Servers that your operator has named",
            de="Server, die Ihre Administration hinterlegt hat",
        )
    }
    if domain:
        titles |= {
            "autodiscover": Text(en=f"autodiscover.{domain}"),
            "domain": Text(en=domain),
            "srv": Text(en=f"DNS entry of {domain}", de=f"DNS-Eintrag von {domain}"),
            "hint": Text(
                en="Redirect of the domain (as a hint only)",
                de="Weiterleitung der Domain (nur als Hinweis)",
            ),
        }
    return titles
