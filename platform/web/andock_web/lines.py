"""Texts from outside as one line on a page: as long as a page can bear, in a direction of its own.

Templates and scripts escape what they show; this takes away what escaping leaves.
"""

import re

from flask import Flask

LONGEST = 300

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def init_app(app: Flask) -> None:
    """Offer it as the template filter `one_line`."""
    app.jinja_env.filters[one_line.__name__] = one_line


def one_line(text: str, longest: int = LONGEST) -> str:
    """`text` without line ends and other control characters, cut after `longest` characters.

    Overrides of the writing direction go: one left open would turn around what stands beside it
    (and "gpj.exe" into "exe.jpg"). Letters keep the direction that they have by themselves.
    """
    if len(text) <= longest and text.isprintable():
        return text.strip()  # most texts: all that is taken away below is not printable
    plain = _DIRECTIONS.sub("", _CONTROLS.sub(" ", text[: 2 * longest])).strip()
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"
