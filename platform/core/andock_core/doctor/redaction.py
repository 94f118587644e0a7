"""Takes out of a report what is nobody else's business.

Secrets are taken out before a step is stored at all. Names of people stay for the member's own
page; they go when the report is handed on, unless the member wants them in.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

SECRET = "[secret]"  # noqa: S105 - what stands in its place
PERSON = "[user]"
SHORTEST_INSIDE = 4
"""Shorter secrets are taken out as words alone: else they would tear other words apart."""

_CREDENTIALS = re.compile(r"(?i)\b(basic|bearer|ntlm|negotiate|digest)\s+[a-z0-9+/=_~.-]{12,}")
_HEADERS = re.compile(r"(?i)\b(set-cookie|cookie|authorization|x-api-key)\s*[:=][^\n]*")
_PAIRS = re.compile(r"(?i)\b(password|passwd|token|secret|session|code)=[^\s&;,]+")
_ADDRESS = re.compile(r"[\w.+%'-]+@(?=[\w-]+\.)")


class Redactor:
    """Takes out given secrets and names, and whatever looks like a credential."""

    def __init__(self, secrets: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        spelled = (each for secret in secrets for each in _spellings(secret))
        self._secrets = _pattern(spelled, inside=True)
        self._names = _pattern((each for name in names for each in _parts(name)), inside=False)

    def text(self, text: str, *, names: bool = False) -> str:
        """The text without secrets; `names`: and without names of people."""
        for pattern, put in ((_CREDENTIALS, rf"\1 {SECRET}"), (_PAIRS, rf"\1={SECRET}")):
            text = pattern.sub(put, text)
        text = _HEADERS.sub(rf"\1: {SECRET}", text)
        if self._secrets:
            text = self._secrets.sub(SECRET, text)
        if names:
            text = _ADDRESS.sub(f"{PERSON}@", text)
            if self._names:
                text = self._names.sub(PERSON, text)
        return text

    def value(self, value: Any, *, names: bool = False) -> Any:
        """A JSON value with all its texts redacted; keys stay."""
        if isinstance(value, str):
            return self.text(value, names=names)
        if isinstance(value, dict):
            return {key: self.value(each, names=names) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(each, names=names) for each in value]
        return value


def _spellings(secret: str) -> Iterator[str]:
    """The ways in which a secret travels."""
    if not secret.strip():
        return
    yield secret
    yield quote(secret, safe="")
    if len(secret) >= SHORTEST_INSIDE:
        yield base64.b64encode(secret.encode()).decode().rstrip("=")


def _parts(name: str) -> Iterator[str]:
    """A user name whole, and the person's part of it: "anna" of anna@firma.de and FIRMA\\anna."""
    name = name.strip()
    if not name:
        return
    yield name
    for part in (name.partition("@")[0], name.rpartition("\\")[2]):
        if part != name and len(part) > 1:
            yield part


def _pattern(texts: Iterable[str], *, inside: bool) -> re.Pattern[str] | None:
    """One pattern for all of them, longest first. `inside`: also within words, where it is long
    enough not to tear other words apart."""
    found = sorted({text for text in texts if text}, key=len, reverse=True)
    literals = [
        re.escape(text)
        if inside and len(text) >= SHORTEST_INSIDE
        else rf"(?<!\w){re.escape(text)}(?!\w)"
        for text in found
    ]
    return re.compile("|".join(literals), re.IGNORECASE) if literals else None
