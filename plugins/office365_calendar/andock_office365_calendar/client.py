"""One mailbox's Graph: requests in, JSON out, every failure an SDK error. No write is repeated."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from andock_office365_calendar import clouds, sign_in, transport
from andock_office365_calendar.errors import to_error
from andock_sdk import Context, Grant, errors

PREFER = 'IdType="ImmutableId", outlook.timezone="UTC"'
MOST_IN_BATCH = 20
INTERACTIVE = 15.0
"""Seconds of patience while a person looks at the page."""
Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One request, of a batch perhaps; `path` as after the version ("/me/events/AAA"). `raw` is a
    body that is no JSON, for a request of its own."""

    method: str
    path: str
    body: Json | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None


@dataclass(frozen=True)
class Outcome:
    """One answer of a batch: its JSON, or the error that it stands for."""

    body: Any
    error: errors.AndockError | None


class Client:
    """Calls on one mailbox, one after the other: Graph allows four at once per mailbox, and a
    connection runs once at a time."""

    def __init__(self, context: Context, grant: Grant, patience: float | None = None) -> None:
        """`patience`: seconds of silence to bear in each call, less where somebody waits."""
        self._context = context
        self.grant = grant
        self._patience = patience
        self._api = clouds.of(context.operator).api
        self._wire = transport.wire(context.egress)
        self.requests = 0

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Json:
        """Read a path, or a link that Graph gave. Raises Transient for what is no object."""
        return self._object(self.call(Call("GET", path, headers=headers or {})))

    def post(self, path: str, body: Json) -> Json:
        """Create."""
        return self._object(self.call(Call("POST", path, body)))

    def patch(self, path: str, body: Json, etag: str) -> Json:
        """Change, if the state is still the one of `etag`."""
        return self._object(self.call(Call("PATCH", path, body, {"If-Match": etag})))

    def delete(self, path: str, etag: str) -> None:
        """Delete, if the state is still the one of `etag`."""
        self.call(Call("DELETE", path, headers={"If-Match": etag}))

    def put_bytes(self, path: str, content: bytes, media_type: str) -> None:
        """Write what is no JSON: a picture."""
        self.call(Call("PUT", path, headers={"Content-Type": media_type}, raw=content))

    def call(self, call: Call) -> Any:
        """One request; its JSON. Raises SDK errors."""
        url = self._address(call.path)
        self.grant = sign_in.renewed(self._context, self.grant, self._wire)
        self.requests += 1
        token = self.grant.secrets["access_token"]
        headers = {"Prefer": PREFER, **call.headers, "Authorization": f"Bearer {token}"}
        body = call.raw
        if call.body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(call.body).encode()
        answer = transport.send(self._wire, call.method, url, body, headers, self._patience)
        opened = transport.opened(answer)
        if not 200 <= answer.status < 300:
            raise to_error(answer.status, opened, answer.headers, self._context.now())
        return opened

    def batch(self, calls: Sequence[Call]) -> list[Outcome]:
        """Many requests, twenty at a time; the outcomes in the same order."""
        found: list[Outcome] = []
        for start in range(0, len(calls), MOST_IN_BATCH):
            found += self._batch(calls[start : start + MOST_IN_BATCH])
        return found

    def _batch(self, calls: Sequence[Call]) -> list[Outcome]:
        requests = [
            {
                "id": str(number),
                "method": call.method,
                "url": call.path.removeprefix(self._api),
                "headers": {
                    "Prefer": PREFER,
                    **({"Content-Type": "application/json"} if call.body is not None else {}),
                    **call.headers,
                },
                **({"body": call.body} if call.body is not None else {}),
            }
            for number, call in enumerate(calls)
        ]
        answer = self._object(self.call(Call("POST", "/$batch", {"requests": requests})))
        answers = {one.get("id"): one for one in answer.get("responses") or ()}
        return [self._outcome(answers.get(str(number))) for number in range(len(calls))]

    def _outcome(self, answer: Json | None) -> Outcome:
        if answer is None or not isinstance(answer.get("status"), int):
            return Outcome(None, errors.Transient("answer.broken", "an answer is missing"))
        body = answer.get("body")
        if 200 <= answer["status"] < 300:
            return Outcome(body, None)
        headers = {str(k).title(): str(v) for k, v in (answer.get("headers") or {}).items()}
        return Outcome(body, to_error(answer["status"], body, headers, self._context.now()))

    def path(self, link: str) -> str:
        """The path below the version of a link that Graph gave. Raises Transient for another
        host's: the token goes to Graph alone."""
        return self._address(link).removeprefix(self._api)

    def close(self) -> None:
        """Let go of the connection."""
        self._wire.close()

    def _address(self, path: str) -> str:
        if path.startswith("/"):
            return self._api + path
        given, ours = urlsplit(path), urlsplit(self._api)
        same = (given.scheme, given.netloc) == (ours.scheme, ours.netloc)
        if not same or not given.path.startswith(f"{ours.path}/"):
            raise errors.Transient("answer.broken", "a link leads to another host")
        return path

    @staticmethod
    def _object(body: Any) -> Json:
        if not isinstance(body, dict):
            raise errors.Transient("answer.broken", "no object")
        return body
