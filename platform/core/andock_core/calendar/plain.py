"""Notes as plain text. What the other side holds as HTML is read, never written back from here."""

import html
import re

import nh3

from andock_sdk import Body

_BREAKS = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-4])>", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\f\v]*\n\s*\n\s*")


def as_text(body: Body) -> str:
    """The notes as plain text, for a text field."""
    if body.kind == "text":
        return body.content
    source = _BREAKS.sub("\n", body.content)
    return _SPACE.sub("\n\n", html.unescape(nh3.clean(source, tags=set()))).strip()
