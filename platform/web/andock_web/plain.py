"""What people type or paste, without what no database and no other side can hold."""

import re

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"\s+")


def one_line(text: str) -> str:
    """A title, a name: control characters out, all white space one blank."""
    return _SPACE.sub(" ", _UNSEEN.sub("", text)).strip()


def text_of(text: str) -> str:
    """Notes: control characters out, lines end as in Unix."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
