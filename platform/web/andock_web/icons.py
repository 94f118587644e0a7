"""Lucide's outlines, inlined: `{{ icon("calendar-days") }}` in any template."""

import re
from functools import cache, lru_cache
from pathlib import Path

from flask import Flask
from markupsafe import Markup, escape

FOLDER = Path(__file__).parent / "icons"
_SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def init_app(app: Flask) -> None:
    """Offer `icon` to the templates, also as `svg_icon` where a macro argument hides the name."""
    app.jinja_env.globals.update(icon=icon, svg_icon=icon)


@lru_cache(maxsize=1000)
def icon(name: str, size: int = 18, label: str = "") -> Markup:
    """The icon as SVG. Without a label it is decoration, and assistive technology skips it.

    Raises KeyError when there is no such icon (see the folder icons/).
    """
    meaning = (
        Markup('role="img" aria-label="{}"').format(label)
        if label
        else Markup('aria-hidden="true" focusable="false"')
    )
    return Markup(
        '<svg class="icon" width="{size}" height="{size}" viewBox="0 0 24 24" fill="none" '
        'stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" '
        "{meaning}>{shapes}</svg>"
    ).format(size=escape(size), meaning=meaning, shapes=_shapes(name))


@cache
def _shapes(name: str) -> Markup:
    path = FOLDER / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        raise KeyError(f"no icon {name!r}")
    found = _SHAPES.search(path.read_text())
    if found is None:
        raise KeyError(f"icon {name!r} is no SVG")
    return Markup(" ".join(found[1].split()))  # noqa: S704 - our own vendored file
