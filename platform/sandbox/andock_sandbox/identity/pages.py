"""The sign-in pages as HTML, without a script. lxml's builder escapes whatever is put in."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TypeAlias
from urllib.parse import urlsplit

from lxml import etree
from lxml.builder import E

from ..cloud import Reply
from .flow import Flow
from .words import words_of

Node: TypeAlias = etree._Element
HTML = "text/html; charset=utf-8"


@cache
def style() -> bytes:
    """The pages' style sheet."""
    return (files(__package__) / "style.css").read_bytes()


def page(
    language: str,
    heading: str,
    *content: Node | str,
    status: int = 200,
    target: str = "",
    cookie: str = "",
) -> Reply:
    """A whole document; ``target`` is the address to which its form may lead in the end."""
    words = words_of(language)
    root = E.html(
        {"lang": language},
        E.head(
            E.meta(charset="utf-8"),
            E.meta(name="viewport", content="width=device-width, initial-scale=1"),
            E.meta(name="robots", content="noindex"),
            E.title(heading),
            E.link(rel="stylesheet", href="/common/oauth2/v2.0/style.css"),
        ),
        E.body(E.main(E.p(words("label"), {"class": "label"}), E.h1(heading), *content)),
    )
    parts = urlsplit(target)
    allowed = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    policy = (
        f"default-src 'none'; style-src 'self'; form-action 'self'{allowed}; base-uri 'none';"
        " frame-ancestors 'none'"
    )
    headers = [
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-store"),
    ]
    if cookie:
        headers.append(("Set-Cookie", cookie))
    body = b"<!doctype html>\n" + etree.tostring(root, method="html", encoding="utf-8")
    return Reply(status, body, HTML, tuple(headers))


def form(flow: Flow, *content: Node) -> Node:
    """A form that goes on with a flow."""
    place = f"/{flow.tenant}/oauth2/v2.0/sign-in"
    hidden = E.input(type="hidden", name="flow", value=flow.sealed())
    return E.form(hidden, *content, method="post", action=place)


def button(action: str, text: str, *, first: bool = False) -> Node:
    """A button of a form; it tells what was decided. Those that leave need no filled fields."""
    look = {"class": "first"} if first else {"formnovalidate": "formnovalidate"}
    return E.button(text, {"type": "submit", "name": "action", "value": action, **look})


def sign_in(flow: Flow, app: str, *, wrong: bool = False, user: str = "") -> Reply:
    """Who are you?"""
    words = words_of(flow.language)
    given = user or flow.hint
    focus = {"autofocus": "autofocus"}
    return page(
        flow.language,
        words("sign-in"),
        E.p(words("to-app", app=app), {"class": "soft"}),
        *([E.p(words("wrong"), role="alert")] if wrong else []),
        form(
            flow,
            E.label(
                E.span(words("user")),
                E.input(
                    {
                        "name": "username",
                        "type": "email",
                        "value": given,
                        "required": "required",
                        "autocomplete": "username",
                        **({} if given else focus),
                    }
                ),
            ),
            E.label(
                E.span(words("password")),
                E.input(
                    {
                        "name": "password",
                        "type": "password",
                        "required": "required",
                        "autocomplete": "current-password",
                        **(focus if given else {}),
                    }
                ),
            ),
            # The first button is the one that Enter presses.
            E.div(
                button("sign-in", words("next"), first=True),
                button("decline", words("cancel")),
                {"class": "buttons"},
            ),
        ),
        target=flow.redirect_uri,
        status=200,
    )


def consent(flow: Flow, app: str, asked: list[str], *, admin: bool, cookie: str = "") -> Reply:
    """Do you agree? An administrator may agree for everybody."""
    words = words_of(flow.language)
    approval = flow.approval
    tick = E.label(
        E.input(name="everybody", type="checkbox", value="1"),
        E.span(words("for-all")),
        {"class": "check"},
    )
    return page(
        flow.language,
        words("approve" if approval else "consent"),
        E.p(words("signed-in-as", user=flow.user), {"class": "soft"}),
        E.p(words("approve-text" if approval else "consent-text", app=app)),
        E.ul(*[E.li(words(name)) for name in asked]),
        form(
            flow,
            *([tick] if admin and not approval else []),
            E.div(
                button("accept", words("accept"), first=True),
                button("decline", words("cancel")),
                button("other", words("other")),
                {"class": "buttons"},
            ),
        ),
        target=flow.redirect_uri,
        cookie=cookie,
    )


def needs_approval(flow: Flow, app: str, *, cookie: str = "") -> Reply:
    """Only an administrator may agree."""
    words = words_of(flow.language)
    return page(
        flow.language,
        words("approval"),
        E.p(words("signed-in-as", user=flow.user), {"class": "soft"}),
        E.p(words("approval-text", app=app)),
        form(
            flow,
            E.div(
                button("other", words("have-admin")),
                button("back", words("back")),
                {"class": "buttons"},
            ),
        ),
        target=flow.redirect_uri,
        cookie=cookie,
    )


def trouble(language: str, text: str, status: int = 400) -> Reply:
    """What the person has to read, since the application cannot be told."""
    return page(language, words_of(language)("trouble"), E.p(text, role="alert"), status=status)


def post_back(flow: Flow, answer: dict[str, str], cookie: str = "") -> Reply:
    """An answer that the browser posts (response_mode form_post); a click sends it."""
    words = words_of(flow.language)
    if flow.state is not None:
        answer = {**answer, "state": flow.state}
    hidden = [E.input(type="hidden", name=key, value=text) for key, text in answer.items()]
    send = E.button(words("continue"), {"type": "submit", "class": "first"})
    held = E.form(*hidden, send, method="post", action=flow.redirect_uri)
    heading = words("going-back")
    return page(flow.language, heading, held, target=flow.redirect_uri, cookie=cookie)
