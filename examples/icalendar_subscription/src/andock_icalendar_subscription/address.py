"""A feed's address, as people paste it."""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urljoin, urlsplit

_SCHEMES = ("https", "webcal", "webcals")
"""webcal is how links say "subscribe to this"; what answers there is asked over https."""
_SAFE = "/%:@!$&'()*+,;=~-._?"
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
LONGEST = 2000


class Unusable(ValueError):
    """Not an address that can be subscribed to. `key` is a message key."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


@dataclass(frozen=True)
class Address:
    """Where a feed is: always https. `target` is what stands in the request's first line."""

    host: str
    port: int
    target: str

    @property
    def origin(self) -> tuple[str, int]:
        """Whom a password is for."""
        return self.host, self.port

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"https://{host}{'' if self.port == 443 else f':{self.port}'}{self.target}"


def parse(text: str) -> tuple[Address, str, str]:
    """The address, and the user and password that stand in it ("" when none do).

    Raises Unusable.
    """
    text = text.strip()
    if len(text) > LONGEST or _CONTROL.search(text):
        raise Unusable("url.form")
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port or 443
    except (ValueError, UnicodeError) as error:
        raise Unusable("url.form") from error
    if parts.scheme == "http":
        raise Unusable("url.not_https")
    if parts.scheme not in _SCHEMES or not host:
        raise Unusable("url.form")
    target = quote(parts.path or "/", safe=_SAFE)
    if parts.query:
        target += "?" + quote(parts.query, safe=_SAFE)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Address(host, port, target), user, password


def follow(address: Address, location: str) -> Address:
    """Where a redirect leads. A user that stands in it is nobody's. Raises Unusable."""
    return parse(urljoin(str(address), location))[0]
