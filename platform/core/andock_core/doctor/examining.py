"""The doctor's work on one connection, in a worker."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from andock_core.connections import answers as checking
from andock_core.doctor.redaction import Redactor
from andock_core.host.calls import Hooks
from andock_core.storage import Member, Scope
from andock_core.trust.service import ASKABLE
from andock_sdk import Answers, Diagnosis, FieldErrors, Form, Grant, Redirect, Step, Text
from andock_sdk.diagnosis import NETWORK_TITLES, Examination, check_network
from andock_sdk.errors import AndockError, MemberError, PluginBug

if TYPE_CHECKING:
    from andock_core.core import Core
    from andock_core.host.context import PluginContext

LOOK_SECONDS = 10.0
CERTIFICATE_KEYS = (*ASKABLE, "certificate.expired")


def grant_without_password(
    core: "Core", slug: str, context: "PluginContext", given: Answers
) -> Grant:
    """A grant from a form whose password may be missing: then its secret is empty.

    The plugin turns the form into a grant without calling anybody, so what stands in for the
    password goes no further than this. Raises MemberError when the plugin refuses other answers.
    """
    form = _form(core, slug)
    filler = secrets.token_hex(16)
    missing = (
        [f.name for f in form.fields if f.kind == "password" and not given.get(f.name)]
        if form
        else []
    )
    answers = {**given, **dict.fromkeys(missing, filler)}
    grant = Hooks(core).call(slug, "authorize", context=context, answers=answers)
    if isinstance(grant, FieldErrors):
        raise MemberError("answers.refused")
    if isinstance(grant, Redirect):  # there is nothing to examine before the member signed in
        raise MemberError("grant.missing")
    if not isinstance(grant, Grant):
        raise PluginBug("authorize.type")
    emptied = {name: "" if filler in value else value for name, value in grant.secrets.items()}
    if filler in str(grant.facts):
        raise PluginBug(detail="authorize: a password among the facts")
    return grant.model_copy(update={"secrets": emptied})


@dataclass(frozen=True)
class Patient:
    """What is examined: an integration's grant, what was typed to get it (no password), and what
    else the account's owner is known by."""

    slug: str
    scope: Scope
    grant: Grant = field(repr=False)
    access: Answers
    people: tuple[str, ...] = ()


def attend(
    core: "Core",
    patient: Patient,
    context: "PluginContext",
    report: Callable[[Step], None],
    *,
    write_probe: bool,
) -> dict[str, Any]:
    """Examine a connection, each step without its secrets; what became of it, as JSON."""
    redactor, names = _redactor(core, patient)

    def hand_on(step: Step) -> None:
        report(Step.model_validate(redactor.value(step.model_dump())))

    found = examine(core, patient.slug, context, patient.grant, hand_on, write_probe=write_probe)
    called = list(context.guarded.called)[-1:]
    return {
        "found": found.error,
        "confirm": found.confirm,
        "certificate": certificate_in_question(context, found.error),
        "names": list(names),
        "server": f"{called[0][0]}:{called[0][1]}" if called else "",
    }


def _redactor(core: "Core", patient: Patient) -> tuple[Redactor, tuple[str, ...]]:
    """Takes out the grant's secrets; and the names to take out when a report is handed on."""
    form = _form(core, patient.slug)
    typed = checking.without_secrets(form, patient.access)
    servers = {field.name for field in form.fields if field.found_by_search} if form else set()
    names = [str(value) for name, value in typed.items() if name not in servers]
    with core.storage.read(patient.scope) as session:
        member = session.get(Member, patient.scope.member_id)
        names += [*patient.people, *((member.name, member.email) if member else ())]
    known = {*names, *(str(value) for value in typed.values())}
    hidden = [value for value in patient.grant.secrets.values() if value not in known]
    people = tuple(dict.fromkeys(name for name in names if name))
    return Redactor(hidden, people), people


def _form(core: "Core", slug: str) -> Form | None:
    listed = core.catalog.get(slug)
    return listed.listing.authorize_form if listed and listed.listing else None


def examine(
    core: "Core",
    slug: str,
    context: "PluginContext",
    grant: Grant,
    report: Callable[[Step], None],
    *,
    write_probe: bool,
) -> Diagnosis:
    """Ask the plugin; one that has no such hook is tested, and the servers that it called are
    examined."""
    found = Hooks(core).call(
        slug, "diagnose", context=context, grant=grant, report=report, write_probe=write_probe
    )
    if found is not None:
        answer: Diagnosis = found
        return answer
    return _examine_called(core, slug, context, grant, report)


def _examine_called(
    core: "Core",
    slug: str,
    context: "PluginContext",
    grant: Grant,
    report: Callable[[Step], None],
) -> Diagnosis:
    error, confirm = "", ""
    if all(grant.secrets.values()):
        try:
            tested = Hooks(core).call(slug, "test", context=context, grant=grant, report=report)
            error, confirm = tested.error, tested.confirm
        except AndockError as failure:
            error = failure.key
    servers = list(dict.fromkeys(context.guarded.called))
    listed = core.catalog.get(slug)
    messages = listed.listing.messages if listed and listed.listing else {}
    titles = {
        f"{key}:{host}:{port}": Text(en=f"{title.en}: {host}", de=f"{title.de}: {host}")
        for host, port in servers
        for key, title in NETWORK_TITLES.items()
    }
    examination = Examination(report, titles, messages)
    for host, port in servers:
        check_network(examination, context, host, port, f":{host}:{port}")
    return Diagnosis(error=error or examination.error, confirm=confirm)


def certificate_in_question(context: "PluginContext", error: str) -> dict[str, Any] | None:
    """What the server that was called last shows, when its certificate is what went wrong."""
    if error not in CERTIFICATE_KEYS or not context.guarded.called:
        return None
    host, port = context.guarded.called[-1]
    try:
        shown = context.guarded.certificate(host, port, LOOK_SECONDS)
    except (OSError, AndockError):
        return None
    return {"host": host, "port": port, "why": error, "certificate": shown.model_dump(mode="json")}
