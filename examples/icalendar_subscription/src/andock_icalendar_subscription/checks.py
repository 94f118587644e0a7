"""The test: fetch the feed, read it, step by step."""

import hashlib
from time import monotonic

from andock_icalendar_subscription.address import parse
from andock_icalendar_subscription.connector import connect
from andock_sdk import Account, Context, Grant, Report, Step, TestReport, Text, errors

_FETCH = Text(en="Calendar fetched", de="Kalender abgeholt")
_READ = Text(en="Entries read", de="Einträge gelesen")


def run(context: Context, grant: Grant, report: Report) -> TestReport:
    """Fetch once, with the password once; then say what is in it."""
    report(Step(key="fetch", title=_FETCH, state="running"))
    began = monotonic()
    try:
        connector = connect(context, grant)
        feed = connector.feed()
    except errors.AndockError as error:
        if isinstance(error, errors.Throttled | errors.PluginBug):
            raise
        report(Step(key="fetch", title=_FETCH, state="failed"))
        return TestReport(error=error.key)
    report(Step(key="fetch", title=_FETCH, state="done", milliseconds=_since(began)))
    report(Step(key="read", title=_READ, state="done", detail=_found(len(feed.items))))
    address, _, _ = parse(grant.secrets["url"])
    key = hashlib.sha256(str(address).encode()).hexdigest()
    label = f"{feed.name} ({address.host})" if feed.name else address.host
    return TestReport(account=Account(key=key, label=label))


def _found(count: int) -> Text:
    if count == 1:
        return Text(en="1 entry", de="1 Eintrag")
    return Text(en=f"{count} entries", de=f"{count} Einträge")


def _since(began: float) -> int:
    return round((monotonic() - began) * 1000)
