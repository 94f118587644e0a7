"""The pages as HTML, without a script. lxml's builder escapes whatever is put in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from lxml import etree
from lxml.builder import E

from .words import Words

Node: TypeAlias = etree._Element


def page(words: Words, language: str, heading: str, *content: Node | str) -> bytes:
    """A whole document."""
    root = E.html(
        {"lang": language},
        E.head(
            E.meta(charset="utf-8"),
            E.meta(name="viewport", content="width=device-width, initial-scale=1"),
            E.meta(name="robots", content="noindex"),
            E.title(f"{heading} · {words('title')}" if heading != words("title") else heading),
            E.link(rel="stylesheet", href="/style.css"),
        ),
        E.body(E.main(E.h1(heading), *content)),
    )
    return b"<!doctype html>\n" + etree.tostring(root, method="html", encoding="utf-8")


def section(heading: str, *content: Node | str) -> Node:
    """A card with a heading."""
    return E.section(E.h2(heading), *content)


def listing(lines: Iterable[Node], empty: str) -> Node:
    """A list, or a sentence where there is nothing."""
    held = list(lines)
    return E.ul(*held) if held else E.p(empty, {"class": "soft"})


def field(name: str, label: str, value: str = "", kind: str = "text", **more: str) -> Node:
    """A labelled input."""
    entry = E.input(name=name, type=kind, value=value, autocomplete="off", **more)
    return E.label(E.span(label), entry)


def check(name: str, label: str, *, on: bool) -> Node:
    """A labelled box to tick."""
    entry = E.input(name=name, type="checkbox", value="1", **({"checked": "checked"} if on else {}))
    return E.label(entry, E.span(label), {"class": "check"})


def choice(name: str, label: str, options: dict[str, str], chosen: str = "") -> Node:
    """A labelled selection, from values to their names."""
    made = [
        E.option(text, value=value, **({"selected": "selected"} if value == chosen else {}))
        for value, text in options.items()
    ]
    return E.label(E.span(label), E.select(*made, name=name))


def button(text: str, look: str = "", **more: str) -> Node:
    """A button that sends its form; a label for screen readers may come with it."""
    attributes = {name.replace("_", "-"): value for name, value in more.items()}
    return E.button(text, {"type": "submit", **({"class": look} if look else {}), **attributes})


def form(action: str, secret: str, hidden: dict[str, str], *content: Node) -> Node:
    """A form for an action; ``secret`` shows that it came from one of our pages."""
    held = [
        E.input(type="hidden", name=name, value=value)
        for name, value in {"secret": secret, **hidden}.items()
    ]
    return E.form(*held, *content, method="post", action=f"/do/{action}")


def fields(*content: Node) -> Node:
    """Fields beside each other where there is room."""
    return E.div(*content, {"class": "fields"})


def buttons(*content: Node) -> Node:
    """Buttons in a row."""
    return E.div(*content, {"class": "buttons"})


def row(*content: Node | str) -> Node:
    """Things beside each other."""
    return E.div(*content, {"class": "row"})


def mark(text: str) -> Node:
    """A word in a frame."""
    return E.span(text, {"class": "mark"})


def soft(text: str) -> Node:
    """A sentence in grey."""
    return E.p(text, {"class": "soft"})


def status(words: Words, said: str, why: str = "") -> list[Node]:
    """What came of the last action."""
    if why:
        return [E.p(words("refusal", why=why), role="alert")]
    return [E.p(words("done"), role="status")] if said else []
