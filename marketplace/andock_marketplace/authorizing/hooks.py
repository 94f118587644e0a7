"""Calls from the other side: /hooks/<slug>/<token>. Public, without a session; the web keeps the
call for a worker and answers at once. No plugin's code runs here."""

from flask import Blueprint, Response, abort, request

from andock_core import clock
from andock_core.webhooks import addresses, intake as calls
from andock_sdk import HookRequest, Listing
from andock_sdk.webhooks import MOST_BYTES
from andock_web import current, intake, limits, session

hooks = Blueprint("hooks", __name__, url_prefix="/hooks")

MOST_PARAMETERS = 50
LONGEST = 4096
"""Characters of a parameter, of a header."""
LATER = {"Retry-After": "60"}


@hooks.route("/<slug>/<token>", methods=["GET", "POST"])
@session.public
@intake.raw
def call(slug: str, token: str) -> Response:
    """Take a call in: 202, or what the listing says that a handshake wants."""
    core = current.core()
    address = addresses.of_token(core, slug, token)
    if address is None:
        if not limits.may_guess():
            return _later()
        abort(404)
    if not limits.may_call_in(address.id):
        return _later()
    listed = core.catalog.get(slug)
    if listed is None or listed.listing is None:
        return Response(status=503, headers=LATER)
    echo = _handshake(listed.listing)
    if echo is not None:
        return Response(echo, mimetype="text/plain")
    if "webhook" not in listed.hooks:
        abort(404)
    asked = _request(address.name, listed.listing)
    return Response(status=202) if calls.take_in(core, address, asked) else _later()


def _handshake(listing: Listing) -> str | None:
    """What a caller that checks the address wants back. As plain text it runs nowhere."""
    wanted = listing.handshake
    value = request.args.get(wanted.parameter) if wanted else None
    if value is not None and len(value) > LONGEST:
        abort(400)
    return value


def _request(name: str, listing: Listing) -> HookRequest:
    """The call, as much of it as is kept."""
    request.max_content_length = MOST_BYTES
    names = {"content-type", *listing.webhook_headers}
    headers = {name: request.headers[name] for name in sorted(names) if name in request.headers}
    query = {name: values[-1] for name, values in request.args.lists()}
    kept = [*headers.values(), *query, *query.values()]
    if len(query) > MOST_PARAMETERS or any(len(each) > LONGEST for each in kept):
        abort(400)
    return HookRequest(
        name=name,
        method=request.method,
        headers=headers,
        query=query,
        body=request.get_data(),
        received_at=clock.now(),
    )


def _later() -> Response:
    return Response(status=429, headers=LATER)
