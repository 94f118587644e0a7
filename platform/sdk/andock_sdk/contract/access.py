"""Signing in, testing, and what can be synchronised."""

from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

from andock_sdk import errors
from andock_sdk.context import Grant
from andock_sdk.contract.case import Case
from andock_sdk.contract.harness import Cannot, NotApplicable
from andock_sdk.contract.rules import Broken, expect, rule
from andock_sdk.hookspecs import Redirect
from andock_sdk.standard import CONTACTS, CONTACTS_ON, IMPORTS, ONE, TASKS_LIST, TASKS_ON

REF_BYTES = 512
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


@rule("bronze")
def authorize_offline(case: Case) -> None:
    """`authorize` turns the form into a grant, or leads elsewhere, without calling anybody.

    The test does the real work, step by step, where a member can watch it.
    """
    told = _authorized(case)
    leads = isinstance(told, Redirect) and case.listing().sign_in_hosts
    expect(leads or isinstance(told, Grant), f"authorize gave {type(told).__name__}, not a Grant")
    expect(not getattr(case.context.egress, "sockets", []), "authorize opens a connection")


@rule("bronze")
def redirects_safe(case: Case) -> None:
    """Another site's sign-in is at a host that the listing names, each time with its own state.

    Without a state of its own somebody else's sign-in could be slipped in. A stand-in on this
    machine needs no name in the listing.
    """
    hosts = case.listing().sign_in_hosts
    if not hosts:
        raise NotApplicable("authorizing leads nowhere else")
    first, second = _redirect(case), _redirect(case)
    parts = urlsplit(first.url)
    expect(parts.scheme == "https", "the address is not https")
    named = parts.hostname in hosts or parts.hostname in _THIS_MACHINE
    expect(named, f"the listing does not name {parts.hostname}")
    expect(parse_qs(parts.query).get("state") == [first.state], "the address lacks the state")
    expect(first.state != second.state, "two sign-ins have the same state")


def _authorized(case: Case) -> object:
    """What `authorize` answers to the good answers; to none where the harness has no form."""
    try:
        answers = case.harness.answers()
    except Cannot:
        answers = {}
    return case.call("authorize", context=case.context, answers=answers, wanted={})


def _redirect(case: Case) -> Redirect:
    told = _authorized(case)
    if not isinstance(told, Redirect):
        raise Broken(f"the listing names sign_in_hosts, and authorize gives {type(told).__name__}")
    return told


@rule("bronze")
def test_works(case: Case) -> None:
    """Good credentials pass the test, which says what it did and whose account it reached."""
    told = case.test(case.grant())
    expect(not told.error, f"the test of good credentials ends with {told.error!r}")
    expect(told.account is not None, "the test does not say whose account it reached")
    last = {step.key: step.state for step in case.steps}
    expect(last, "the test reports no step")
    expect("done" in last.values(), "the test reports no step that is done")
    unfinished = sorted(key for key, state in last.items() if state in ("running", "waiting"))
    expect(not unfinished, f"steps never end: {', '.join(unfinished)}")


@rule("bronze")
def bad_credentials_fail(case: Case) -> None:
    """Credentials that are refused fail the test, and a connector cannot be used with them.

    A test that says yes to a made-up password tells nobody anything.
    """
    grant = case.bad_grant()
    try:
        told = case.test(grant)
    except errors.AndockError as error:
        expect(isinstance(error, errors.MemberError), f"the test raises {type(error).__name__}")
    else:
        expect(told.error, "the test of bad credentials ends well")
        failed = [step for step in case.steps if step.state == "failed"]
        expect(failed, "no step of the test is shown as failed")
    jobs = case.jobs(case.tested())
    try:
        case.open(jobs[0], grant).collections()
    except errors.AndockError:
        return
    raise Broken("a connector reads with bad credentials")


@rule("bronze")
def test_asks_the_service(case: Case) -> None:
    """The test does real work: while the service fails, it fails."""
    grant = case.grant()
    case.harness.fail("test", "before")
    try:
        told = case.test(grant)
    except errors.AndockError:
        return
    expect(told.error, "the test ends well although the service fails")


@rule("bronze")
def account_stable(case: Case) -> None:
    """The test names the same account each time.

    Reconnecting is refused when the key differs, and a mailbox that is connected twice is known by
    it.
    """
    grant = case.grant()
    keys = {told.account.key if (told := case.test(grant)).account else "" for _ in range(2)}
    expect(len(keys) == 1, "two tests name two different accounts")
    expect(keys != {""}, "the account has no key")


@rule("bronze")
def collections_listed(case: Case) -> None:
    """The collections are listed, each with a name and a ref of its own, the same each time."""
    connector = case.connect()
    first = connector.collections()
    expect(first, "there is no collection")
    refs = [one.ref for one in first]
    expect(len(set(refs)) == len(refs), "two collections have the same ref")
    for one in first:
        expect(one.ref and len(one.ref.encode()) <= REF_BYTES, f"{one.name!r} has an unusable ref")
        expect(one.name.strip(), f"the collection {one.ref[:40]!r} has no name")
    again = case.connect().collections()
    expect({one.ref for one in again} == set(refs), "another connector names other refs")


@rule("bronze")
def settings_fit(case: Case) -> None:
    """The settings form offers what is there, and what follows from it can be synchronised.

    What the grant does not reach yet may be offered when choosing it raises `MoreAccess`.
    """
    grant = case.tested()
    there = {one.ref for one in case.connect(grant).collections()}
    form = case.call("settings_form", context=case.context, grant=grant, settings={})
    for asked in form.fields if form else ():
        if asked.name in (ONE, IMPORTS, CONTACTS, TASKS_LIST):
            strange = {choice.value for choice in asked.choices} - there - {""}
            for one in strange:
                more = _asks_for_more(case, asked.name, one)
                expect(more, f"{asked.name} offers what is not there")
    jobs = case.jobs(grant)
    expect(jobs, "nothing is synchronised under the settings that the form proposes")
    for job in jobs:
        expect(job.collection in there, f"a job is for {job.collection[:40]!r}, which is not there")
        expect(job.minimum_minutes > 0, "a job runs without a pause")


def _asks_for_more(case: Case, name: str, choice: str) -> bool:
    """Whether the member is led to the other side once more by this choice."""
    switch = {CONTACTS: CONTACTS_ON, TASKS_LIST: TASKS_ON}.get(name)
    if switch is None:
        return False
    try:
        case.call("sync_jobs", context=case.context, settings={switch: True, name: choice})
    except errors.MoreAccess:
        return True
    return False


@rule("bronze")
def closes(case: Case) -> None:
    """A connector closes, also twice and after an error, and leaves no connection open."""
    connector = case.connect()
    collection = case.collection(connector, case.kind(connector))
    with suppress(errors.AndockError):
        connector.changes(f"{collection}-not-there", None)
    try:
        connector.close()
        connector.close()
    except Exception as error:
        raise Broken(f"close raises {type(error).__name__}") from error
    left = [one for one in getattr(case.context.egress, "sockets", []) if one.fileno() != -1]
    expect(not left, f"{len(left)} connections stay open")
