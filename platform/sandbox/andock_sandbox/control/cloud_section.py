"""Microsoft's side on the control page: tenants, access, notices, latest requests."""

from __future__ import annotations

from lxml.builder import E

from ..graph.notices import LIFECYCLE
from ..sandbox import Sandbox
from . import pages
from .pages import Node
from .words import Words

_SHOWN = 8


def render(box: Sandbox, words: Words, secret: str) -> list[Node]:
    """What the section holds."""
    people = {"": words("any"), **{one.email: one.email for one in box.mailboxes}}
    tenants = [_tenant(box, domain, words, secret) for domain in sorted(box.domains)]
    access = [_access(box, one.email, words, secret) for one in box.mailboxes]
    kinds = {kind: kind for kind in LIFECYCLE}
    with box.lock:
        latest = list(box.cloud.log)[-_SHOWN:]
    return [
        pages.listing(tenants, ""),
        E.h3(words("access")),
        pages.listing(access, ""),
        E.h3(words("notices")),
        pages.form(
            "lifecycle-notice",
            secret,
            {},
            pages.fields(
                pages.choice("kind", words("notice"), kinds),
                pages.choice("mailbox", words("mailbox"), people),
            ),
            pages.buttons(pages.button(words("send"))),
        ),
        E.h3(words("requests")),
        pages.listing(
            [
                E.li(
                    pages.row(
                        E.span(f"{one.method} {one.operation or '–'}", {"class": "grow"}),
                        E.span(one.mailbox, {"class": "soft"}),
                        pages.mark(str(one.status)),
                    )
                )
                for one in reversed(latest)
            ],
            words("no-requests"),
        ),
    ]


def _tenant(box: Sandbox, domain: str, words: Words, secret: str) -> Node:
    strict = domain in box.directory.strict
    change = words("let-agree" if strict else "require")
    told = words("needs-approval" if strict else "may-agree")
    on = {"domain": domain, "on": "" if strict else "1"}
    forms = [pages.form("require-approval", secret, on, _button(change, domain))]
    if strict:
        approve = _button(words("approve-all"), domain)
        forms.append(pages.form("approve-app", secret, {"domain": domain}, approve))
    about = E.span(domain, E.span(f"  {told}", {"class": "soft"}), {"class": "grow"})
    return E.li(pages.row(about, *forms))


def _access(box: Sandbox, email: str, words: Words, secret: str) -> Node:
    admin = email.casefold() in box.directory.admins
    turn = {"mailbox": email, "on": "" if admin else "1"}
    change = words("no-admin" if admin else "admin-on")
    ends = {"mailbox": email, "access": "1"}
    return E.li(
        pages.row(
            E.span(email, {"class": "grow"}),
            *([pages.mark(words("admin"))] if admin else []),
            pages.form("make-admin", secret, turn, _button(change, email)),
            pages.form("revoke-access", secret, ends, _button(words("revoke"), email)),
        )
    )


def _button(text: str, about: str) -> Node:
    return pages.button(text, aria_label=f"{text}: {about}")
