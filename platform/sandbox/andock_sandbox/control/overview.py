"""The control page: mailboxes, faults, the server's ways, latest sign-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from lxml.builder import E

from ..faults import AFTER, ANY, AUTHORIZE, AUTODISCOVER, BEFORE, GRAPH, SIGN_IN, TOKEN, Fault
from ..graph.routes import OPERATIONS
from ..operations import HANDLERS
from ..sandbox import Sandbox
from . import cloud_section, pages
from .pages import Node
from .words import Words

if TYPE_CHECKING:
    from ..server import SandboxServer

_ERRORS = ("ErrorServerBusy", "ErrorInternalServerError", "ErrorMailboxMoveInProgress")


def render(
    box: Sandbox, server: SandboxServer, words: Words, language: str, secret: str, *told: Node
) -> bytes:
    """The whole page; ``told`` is what came of the last action."""
    return pages.page(
        words,
        language,
        words("title"),
        pages.soft(words("subtitle", version=server.version_name)),
        *told,
        pages.section(words("mailboxes"), _mailboxes(box, words, secret)),
        pages.section(words("faults"), *_faults(box, words, secret)),
        pages.section(words("server"), _server(server, words, secret)),
        pages.section(words("microsoft"), *cloud_section.render(box, words, secret)),
        pages.section(words("attempts"), _attempts(box, words)),
    )


def _mailboxes(box: Sandbox, words: Words, secret: str) -> Node:
    lines = []
    for one in box.mailboxes:
        hidden = {"mailbox": one.email}
        lines.append(
            E.li(
                pages.row(
                    E.span(
                        E.a(one.name, href=f"/mailbox/{quote(one.email)}"),
                        E.span(f"  {one.email}", {"class": "soft"}),
                        {"class": "grow"},
                    ),
                    pages.form(
                        "lose-sync-state",
                        secret,
                        hidden,
                        pages.button(words("lose"), aria_label=f"{words('lose')}: {one.email}"),
                    ),
                    pages.form(
                        "renumber-ids",
                        secret,
                        hidden,
                        pages.button(
                            words("renumber"), aria_label=f"{words('renumber')}: {one.email}"
                        ),
                    ),
                )
            )
        )
    return pages.listing(lines, "")


def _faults(box: Sandbox, words: Words, secret: str) -> list[Node]:
    planned = box.faults.planned
    made = [pages.listing([_fault(one, words, secret) for one in planned], words("no-faults"))]
    if len(planned) > 1:
        clear = pages.form("clear-faults", secret, {}, pages.button(words("take-all"), "stop"))
        made.append(pages.buttons(clear))
    kinds = {kind: words(kind) for kind in (*_ERRORS, *BEFORE, *AFTER)}
    calls = {ANY: words("any"), SIGN_IN: SIGN_IN, AUTODISCOVER: AUTODISCOVER}
    calls |= {name: name for name in sorted(HANDLERS)}
    calls |= {
        GRAPH: words("any-graph"),
        TOKEN: words("token-call"),
        AUTHORIZE: words("sign-in-page"),
    }
    calls |= {name: f"Graph: {name}" for name in OPERATIONS}
    people = {"": words("any"), **{one.email: one.email for one in box.mailboxes}}
    made.append(E.h3(words("new-fault")))
    made.append(
        pages.form(
            "plan-fault",
            secret,
            {},
            pages.fields(
                pages.choice("kind", words("kind"), kinds),
                pages.choice("operation", words("operation"), calls),
                pages.choice("mailbox", words("mailbox"), people),
                pages.field(
                    "times", f"{words('times')} ({words('times-hint')})", "1", "number", min="1"
                ),
                pages.field("backoff_ms", words("backoff"), "", "number", min="0"),
                pages.field("seconds", words("seconds"), "", "number", min="0", step="any"),
                pages.field("retry_after", words("retry")),
            ),
            pages.buttons(pages.button(words("plan"), "first")),
        )
    )
    return made


def _fault(fault: Fault, words: Words, secret: str) -> Node:
    often = words("until") if fault.times is None else f"{fault.times} ×"
    where = words("any") if fault.operation == ANY else fault.operation
    told = [words(fault.kind), where, fault.mailbox or "", often]
    if fault.backoff_ms is not None:
        told.append(f"{fault.backoff_ms} ms")
    if fault.seconds:
        told.append(f"{fault.seconds:g} s")
    line = " · ".join(part for part in told if part)
    clear = pages.button(words("take-back"), aria_label=f"{words('take-back')}: {line}")
    return E.li(
        pages.row(
            E.span(line, {"class": "grow"}),
            pages.form("clear-faults", secret, {"num": str(fault.num)}, clear),
        )
    )


def _server(server: SandboxServer, words: Words, secret: str) -> Node:
    kinds = {kind: words(kind) for kind in ("good", "expired", "wrong-name")}
    offered = server.doorkeeper.offered
    boxes = [
        pages.check(name, words(name) if name == "bearer" else title, on=name in offered)
        for name, title in (("basic", "Basic"), ("ntlm", "NTLM"), ("bearer", ""))
    ]
    return pages.form(
        "behave",
        secret,
        {},
        pages.fields(pages.choice("certificate", words("certificate"), kinds, server.certificate)),
        E.fieldset(E.legend(words("sign-in")), *boxes),
        pages.check("extended_protection", words("protection"), on=server.extended_protection),
        pages.buttons(pages.button(words("apply"), "first")),
    )


def _attempts(box: Sandbox, words: Words) -> Node:
    lines = [
        E.li(
            pages.row(
                E.span(one.user or "–", {"class": "grow"}),
                E.span(one.scheme, {"class": "soft"}),
                pages.mark(words("let-in" if one.ok else "refused")),
            )
        )
        for one in reversed(box.sign_ins[-10:])
    ]
    return pages.listing(lines, words("no-attempts"))
