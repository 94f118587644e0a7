"""Graph's and the identity platform's way of speaking HTTPS: JSON, in turn, within limits."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from andock_sdk import Egress, errors
from andock_sdk.https import NETWORK_ERRORS, Answer, Wire
from andock_sdk.network import network_error

_HEADERS = {
    "User-Agent": "Andock/1.0",
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
}


def wire(egress: Egress) -> Wire:
    """A session with keep-alive."""
    return Wire(egress, _HEADERS)


def send(
    line: Wire,
    method: str,
    url: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> Answer:
    """One request, sent once. Raises SDK errors for whatever concerns the network."""
    try:
        return line.send(method, url, body, headers=headers, timeout=timeout)
    except NETWORK_ERRORS as broken:
        raise network_error(broken) from broken


def opened(answer: Answer) -> Any:
    """The JSON of an answer, None where there is none. Raises Transient for a broken one."""
    if not answer.content:
        return None
    if not answer.is_a("json"):
        if answer.status < 400:
            raise errors.AdminError("server.not_graph", "not JSON")
        return None
    try:
        return answer.json()
    except ValueError as broken:
        raise errors.Transient("answer.broken", "no JSON") from broken


class Http:
    """What msal's OAuth client wants of an HTTP library, over the same line."""

    def __init__(self, line: Wire) -> None:
        self._line = line

    def post(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> "HttpAnswer":
        """A form, posted."""
        form = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        address = f"{url}?{urlencode(params)}" if params else url
        body = urlencode(data or {}).encode()
        return HttpAnswer(send(self._line, "POST", address, body, form, timeout=20.0))

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> "HttpAnswer":
        """An address, read."""
        address = f"{url}?{urlencode(params)}" if params else url
        return HttpAnswer(send(self._line, "GET", address, None, headers, timeout=20.0))

    def close(self) -> None:
        """The line is closed by whoever opened it."""


class HttpAnswer:
    """An answer as msal reads it."""

    def __init__(self, answer: Answer) -> None:
        self.status_code = answer.status
        self.headers = answer.headers
        self.text = answer.content.decode("utf-8", "replace")

    def raise_for_status(self) -> None:
        """Raise for an answer that is no success. The caller reads OAuth's errors itself."""
        if self.status_code >= 500:
            raise errors.Transient("server.error", f"sign-in answers {self.status_code}")
