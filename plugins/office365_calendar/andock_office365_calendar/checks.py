"""The test of a grant, step by step: reach Graph, sign in, list the calendars."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from urllib.parse import urlsplit

from andock_office365_calendar import clouds, folders
from andock_office365_calendar.client import INTERACTIVE, Client
from andock_office365_calendar.config import SERVER
from andock_sdk import Account, Context, Grant, Report, Step, TestReport, Text, errors
from andock_sdk.https import CONNECT_TIMEOUT, NETWORK_ERRORS
from andock_sdk.network import network_error

TITLES = {
    "reached": Text(en="Reach Microsoft 365", de="Microsoft 365 erreichen"),
    "sign_in": Text(en="Sign in", de="Anmelden"),
    "calendars": Text(en="Read the calendars", de="Kalender lesen"),
}


def run(context: Context, grant: Grant, report: Report) -> TestReport:
    """Try the grant. Every failure ends the test with its key; nothing is tried twice."""
    for key, title in TITLES.items():
        report(Step(key=key, title=title, state="waiting"))
    client = Client(context, grant, INTERACTIVE)
    try:
        _reach(context, report)
        with _step(report, "sign_in", Text(en=grant.facts.get("label", ""))):
            client.get("/me/calendar?$select=id")
        with _step(report, "calendars", Text(en=SERVER)):
            found = folders.collections(client, client.grant.facts)
            if not any(one.kind == "calendar" for one in found):
                raise errors.AdminError("mailbox.none", "no calendar")
    except errors.AndockError as failure:
        context.log.info("test ended with %s (%s)", failure.key, failure.detail)
        return TestReport(error=failure.key)
    finally:
        client.close()
    facts = client.grant.facts
    whose = Account(key=facts.get("account", ""), label=facts.get("label", ""))
    return TestReport(account=whose, facts=dict(facts))


def _reach(context: Context, report: Report) -> None:
    parts = urlsplit(clouds.of(context.operator).graph)
    with _step(report, "reached", Text(en=SERVER)):
        try:
            host = parts.hostname or ""
            context.egress.connect(host, parts.port or 443, CONNECT_TIMEOUT).close()
        except NETWORK_ERRORS as broken:
            raise network_error(broken) from broken


@contextmanager
def _step(report: Report, key: str, detail: Text) -> Iterator[None]:
    title, began = TITLES[key], monotonic()
    report(Step(key=key, title=title, state="running"))
    try:
        yield
    except errors.AndockError:
        report(Step(key=key, title=title, state="failed", milliseconds=_since(began)))
        raise
    report(Step(key=key, title=title, state="done", detail=detail, milliseconds=_since(began)))


def _since(began: float) -> int:
    return round((monotonic() - began) * 1000)
