"""Signing in: which methods a server offers, which one is used, and with what."""

import re

from exchangelib.transport import BASIC, NTLM, get_auth_instance
from requests.auth import AuthBase

from andock_sdk import errors

_SCHEME = re.compile(r"(?:^|,)\s*([A-Za-z][A-Za-z0-9-]*)(?=\s*(?:,|$)|\s+[^\s=,]+)")
NTLM_SIGN_IN = "NTLM"
BASIC_SIGN_IN = "Basic"


def offered(header: str) -> list[str]:
    """The methods in a WWW-Authenticate header, in lower case.

    >>> offered('Negotiate, NTLM, Basic realm="mail"')
    ['negotiate', 'ntlm', 'basic']
    """
    return [scheme.lower() for scheme in _SCHEME.findall(header)]


def choose(methods: list[str]) -> str:
    """The method to use, the safest first: NTLM never shows the password to the server.

    Raises AdminError when none can be used.
    """
    if "ntlm" in methods or "negotiate" in methods:
        return NTLM_SIGN_IN
    if "basic" in methods:
        return BASIC_SIGN_IN
    if "bearer" in methods:
        raise errors.AdminError("sign_in.modern", "only Bearer is offered")
    raise errors.AdminError("sign_in.unsupported", f"{len(methods)} unknown methods")


def authenticator(method: str, username: str, password: str) -> AuthBase:
    """exchangelib's authenticator for the method."""
    if method == NTLM_SIGN_IN:
        made = get_auth_instance(NTLM, username=username, password=password)
    else:
        # As bytes, since requests would write text as Latin-1 and fail on any other letter.
        made = get_auth_instance(BASIC, username=username.encode(), password=password.encode())
    assert isinstance(made, AuthBase)  # noqa: S101 - exchangelib has no types
    return made
