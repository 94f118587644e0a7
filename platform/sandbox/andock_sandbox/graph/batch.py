"""$batch: up to twenty requests in one, each with its own result."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..cloud import GRAPH_VERSION, Request
from ..model import Json
from .context import Answer, Call
from .errors import GraphError

if TYPE_CHECKING:
    from .service import Performer

MOST = 20


def answer(call: Call, perform: Performer) -> Answer:
    """Carry out the parts in their order; one whose dependency failed is not carried out."""
    parts = call.body.get("requests")
    if not isinstance(parts, list) or not parts:
        raise _bad("The batch request has no 'requests'.")
    if len(parts) > MOST:
        raise _bad(f"Number of batch request steps exceeds the maximum value of {MOST}.")
    known = _check(parts)
    results: dict[str, Json] = {}
    for part in parts:
        failed = [one for one in part.get("dependsOn") or [] if results[one]["status"] >= 400]
        if failed:
            refusal = GraphError(
                424, "FailedDependency", f"The dependency '{failed[0]}' has failed."
            )
            results[part["id"]] = _result(part["id"], 424, {}, refusal.body())
        else:
            results[part["id"]] = _perform(call, part, perform)
    return Answer(200, {"responses": [results[one] for one in known]})


def _check(parts: list[Json]) -> list[str]:
    """The ids of the parts. GraphError for a malformed part."""
    known: list[str] = []
    for part in parts:
        if not isinstance(part, dict):
            raise _bad("Each request is an object.")
        if not all(isinstance(part.get(name), str) for name in ("id", "method", "url")):
            raise _bad("Each request has an id, a method and a url.")
        if part["id"] in known:
            raise _bad(f"Request id '{part['id']}' is not unique.")
        if not isinstance(part.get("headers"), dict | None):
            raise _bad(f"The headers of request '{part['id']}' are no object.")
        waits = part.get("dependsOn") or []
        for one in waits if isinstance(waits, list) else [waits]:
            if one not in known:
                raise _bad(f"Request '{part['id']}' depends on '{one}', which is not before it.")
        if part.get("body") is not None and not _has_type(part):
            raise _bad(f"Request '{part['id']}' has a body, but no Content-Type.")
        known.append(part["id"])
    return known


def _has_type(part: Json) -> bool:
    headers = part.get("headers")
    return isinstance(headers, dict) and any(name.lower() == "content-type" for name in headers)


def _bad(text: str) -> GraphError:
    return GraphError(400, "BadRequest", text)


def _perform(call: Call, part: Json, perform: Performer) -> Json:
    target = urlsplit(part["url"])
    if target.netloc or target.path.lstrip("/").startswith("$batch"):
        refusal = _bad("The url of a request is relative to the service, and no batch.")
        return _result(part["id"], 400, {}, refusal.body())
    headers = {name.lower(): str(value) for name, value in (part.get("headers") or {}).items()}
    body = part.get("body")
    request = Request(
        part["method"].upper(),
        f"/{GRAPH_VERSION}/{target.path.lstrip('/')}",
        target.query,
        headers,
        b"" if body is None else json.dumps(body).encode(),
        call.request.base,
    )
    made = perform(request, in_batch=True)
    told = dict(made.headers)
    if made.raw is not None:
        told["Content-Type"] = made.raw[1]
        return _result(part["id"], made.status, told, base64.b64encode(made.raw[0]).decode())
    if made.content is not None:
        told["Content-Type"] = "application/json"
    return _result(part["id"], made.status, told, made.content)


def _result(known: str, status: int, headers: dict[str, str], body: Json) -> Json:
    made = {"id": known, "status": status, "headers": headers}
    return made if body is None else {**made, "body": body}
