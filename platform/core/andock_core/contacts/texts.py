"""Text as it may be stored, and folded so that the same word is found in every spelling."""

import html
import re
import unicodedata

import nh3

from andock_sdk import Body

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile(r"\r\n?|\u2028|\u2029|\x85")
_LINES = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-4])>", re.IGNORECASE)
_UNDIVIDED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})


def clean(text: str) -> str:
    """Without what no server takes (control characters, lone surrogates); line breaks are "\\n"."""
    return _CONTROLS.sub("", _BREAKS.sub("\n", text))


def one_line(text: str) -> str:
    """Clean, on one line, without outer or doubled blanks."""
    return " ".join(clean(text).split())


def fold(text: str) -> str:
    """Lower-case without accents, "Müller" as "muller": what sorting and searching compare."""
    split = unicodedata.normalize("NFKD", clean(text).casefold())
    plain = "".join(char for char in split if not unicodedata.combining(char))
    return " ".join(plain.translate(_UNDIVIDED).split())


def plain(body: Body) -> str:
    """Notes as plain text."""
    if body.kind == "text":
        return clean(body.content)
    source = _LINES.sub("\n", body.content)
    return clean(html.unescape(nh3.clean(source, tags=set()))).strip()
