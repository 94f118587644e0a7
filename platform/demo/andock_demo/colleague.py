"""Connects the colleague's mailbox, by the same calls as the pages make for a person."""

import time
from collections.abc import Callable
from typing import TypeVar

from andock_core.accounts import MemberInfo
from andock_core.connections import agreeing, service, status
from andock_core.connections.status import AttemptStatus
from andock_core.core import Core
from andock_sdk import Answers, Field, Form

INTEGRATION = "exchange-calendar"
SECONDS = 90.0
POLL_SECONDS = 0.1
Found = TypeVar("Found")


class NotConnected(Exception):
    """The colleague's mailbox could not be connected; the message says at which step."""


def connect(core: Core, member: MemberInfo, user: str, password: str, server: str) -> None:
    """Authorize, test, choose what is proposed, with everything switched on, agree to the preview,
    and wait for the first run.

    What an earlier start began is taken up where it ended. Raises NotConnected.
    """
    card = next(iter(status.cards(core, member.scope)), None)
    if card is None or card.state == "added":
        connection = service.add(core, member.scope, INTEGRATION)
        asked = service.listing(core, INTEGRATION).authorize_form
        answers = access(asked or Form(fields=()), user, password, server)
        tested = finished(core, member, service.start_test(core, member.scope, connection, answers))
    elif card.state == "authorized":
        connection = card.id
        tested = finished(core, member, service.start_choices(core, member.scope, connection))
    else:
        if card.to_confirm:
            agree(core, member, card.id)
        return  # active: connected already; attention: that is for the person to see
    if tested.form is None:
        raise NotConnected("no calendars were offered")
    chosen = proposed(tested.form)
    finished(core, member, service.save_settings(core, member.scope, connection, chosen))
    agree(core, member, connection)


def agree(core: Core, member: MemberInfo, connection: str) -> None:
    """Look at what the first run would do, say yes to it, and wait for its end. Raises
    NotConnected."""
    finished(core, member, agreeing.start_preview(core, member.scope, connection))
    seen = agreeing.preview(core, member.scope, connection)
    if seen is None:
        raise NotConnected("there is no preview")
    agreeing.confirm(core, member.scope, connection, seen.digest)
    wait_for(lambda: has_run(core, member, connection), "the first run")


def access(form: Form, user: str, password: str, server: str) -> Answers:
    """The form's answers, each recognised by what its field is for."""
    answers: Answers = {}
    for field in form.fields:
        if field.kind == "password":
            answers[field.name] = password
        elif field.found_by_search:
            answers[field.name] = server
        elif field.kind == "text" and field.required:
            answers[field.name] = user
    return answers


def proposed(form: Form) -> Answers:
    """What the settings form suggests by itself, every switch on."""
    return {field.name: _answer(field) for field in form.fields}


def _answer(field: Field) -> str | bool | list[str]:
    if field.kind == "switch":
        return True
    return list(field.value) if isinstance(field.value, tuple) else field.value


def finished(core: Core, member: MemberInfo, attempt: str) -> AttemptStatus:
    """The attempt once it has ended well. Raises NotConnected."""

    def ended() -> AttemptStatus | None:
        found = status.attempt(core, member.scope, attempt)
        return None if found.under_way else found

    found = wait_for(ended, "an attempt")
    if found.state != "done" or found.error:
        raise NotConnected(f"{found.kind}: {found.state} {found.error} {found.steps}")
    return found


def has_run(core: Core, member: MemberInfo, connection: str) -> bool:
    """Whether the first run has ended, well or not: the page shows which."""
    run = status.details(core, member.scope, connection).last_run
    return run is not None and run.ended_at is not None


def wait_for(look: Callable[[], Found | None], what: str) -> Found:
    """The first answer that counts. Raises NotConnected when there is none in time."""
    deadline = time.monotonic() + SECONDS
    while not (found := look()):
        if time.monotonic() > deadline:
            raise NotConnected(f"{what} took longer than {SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)
    return found
