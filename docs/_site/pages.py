"""What the site needs beyond Sphinx, so that the sources can stay plain Markdown.

- A README's lists of links are its table of contents: no page carries directives for that. A page
  that no README lists is an orphan, which Sphinx reports.
- The reference of the command line and of the contract is made from the code itself; models of
  the SDK show their fields' types without constraints.
- German pages say that they are German.
- `index.html` leads to the first page.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any, get_type_hints

from pydantic import BaseModel
from sphinx.application import Sphinx
from sphinx.util.typing import stringify_annotation

import commands
import contract

HEADING = re.compile(r"^## +(.+)$")
LISTED = re.compile(r"^\s*(?:[-*]|\d+\.|:) +\[([^]]+)\]\(([^)#:]+)\.md\)")
MADE = {
    "docs/reference/commands": commands.reference,
    "docs/reference/contract": contract.reference,
}
FIRST_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Andock</title>
<meta http-equiv="refresh" content="0; url=docs/README.html">
<link rel="canonical" href="docs/README.html"></head>
<body><a href="docs/README.html">Andock: documentation</a></body></html>
"""


def listed(markdown: str) -> Iterator[tuple[str, str]]:
    """The pages that a README lists, each with the heading above it ("" before the first): those
    whose link begins an item of a list, as they are written, without ".md"."""
    heading = ""
    for line in markdown.splitlines():
        if found := HEADING.match(line):
            heading = found[1]
        elif found := LISTED.match(line):
            yield heading, found[2]


def read(app: Sphinx, docname: str, source: list[str]) -> None:
    """Give a README its table of contents, and what is made from the code its place."""
    if docname in MADE:
        source[0] += "\n" + MADE[docname]()
    if PurePosixPath(docname).name == "README" and docname.startswith("docs/"):
        source[0] += contents(docname, source[0], captions=docname == app.config.root_doc)


def contents(docname: str, markdown: str, *, captions: bool) -> str:
    """Hidden tables of contents for what a README lists, one for each heading."""
    groups: dict[str, list[str]] = {}
    folder = PurePosixPath(docname).parent
    for heading, target in listed(markdown):
        page = "/" + normpath(folder / target)
        if page not in groups.setdefault(heading, []):
            groups[heading].append(page)
    text = ""
    for heading, pages in groups.items():
        caption = f":caption: {heading}\n" if captions and heading else ""
        text += f"\n```{{toctree}}\n:hidden:\n{caption}\n" + "\n".join(pages) + "\n```\n"
    return text


def speak(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Name the language that a page is in, for browsers and screen readers."""
    if pagename.startswith("docs/de/"):
        context["language"] = "de"


def mend(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """What screen readers and keyboards miss in the theme's pages: the level of the captions in the
    list of pages, and a way into code that scrolls."""
    tree = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = tree.replace(
        'role="heading"', 'role="heading" aria-level="2"'
    )
    if "body" in context:
        context["body"] = context["body"].replace("<pre>", '<pre tabindex="0">')


def sign(
    app: Sphinx,
    what: str,
    name: str,
    thing: object,
    options: object,
    signature: str | None,
    returned: str | None,
) -> tuple[str, None] | None:
    """A model's constructor: its fields with their types and defaults, without the constraints
    that pydantic keeps inside the types."""
    if not (what == "class" and isinstance(thing, type) and issubclass(thing, BaseModel)):
        return None
    types = _plain({field: about.annotation for field, about in thing.model_fields.items()})
    fields = [
        f"{field}: {stringify_annotation(types[field], 'smart')}"
        + ("" if about.is_required() else f" = {about.get_default()!r}")
        for field, about in thing.model_fields.items()
    ]
    return f"(*, {', '.join(fields)})", None


def _plain(types: dict[str, Any]) -> dict[str, Any]:
    """The types without their constraints, `Annotated` at any depth."""

    def bearer() -> None: ...

    bearer.__annotations__ = types
    return get_type_hints(bearer)


def lead(app: Sphinx, problem: Exception | None) -> None:
    """Write the site's first address."""
    if problem is None and app.builder.format == "html":
        Path(app.outdir, "index.html").write_text(FIRST_PAGE, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Sphinx calls this."""
    app.connect("source-read", read)
    app.connect("autodoc-process-signature", sign)
    app.connect("html-page-context", speak)
    app.connect("html-page-context", mend, priority=900)  # after the theme's own
    app.connect("build-finished", lead)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
