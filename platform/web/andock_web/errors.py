"""What a person or a script gets when something goes wrong: what happened, and what to do next.

Scripts get {"error": key, "title": ..., "advice": ...} with the same words.
"""

import logging
from uuid import uuid4

from flask import Flask, flash, jsonify, make_response, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from andock_core.jobs.queue import QueueDown
from andock_web.answers import wants_json
from andock_web.limits import TooManyCalls
from andock_web.messages import Words, message_for
from andock_web.redirects import own_referrer, redirect_to

KEYS = {
    400: "request.bad",
    401: "signed_out",
    403: "request.forbidden",
    404: "request.not_found",
    405: "request.not_found",
    413: "request.too_large",
    429: "tries.too_many",
    500: "unexpected",
    503: "unavailable",
}
Answer = Response | tuple[Response | str, int]
log = logging.getLogger("andock.web")


def init_app(app: Flask) -> None:
    """Answer every error in the reader's language."""
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(QueueDown, _queue_down)
    app.register_error_handler(TooManyCalls, _too_many_calls)
    app.register_error_handler(Exception, _unexpected)


def json_error(status: int, key: str) -> tuple[Response, int]:
    """An error for `fetch.js`, which shows title and advice."""
    words = message_for(key)
    return jsonify(error=key, title=words.title, advice=words.advice), status


def _csrf(_error: CSRFError) -> Answer:
    """The page is older than the session. Nothing was done; the person can do it again."""
    if wants_json():
        return json_error(400, "page.outdated")
    if request.endpoint == "shell.try_sign_in":
        flash(_("That took a while. Please sign in once more."), "mind")
        return redirect_to(url_for("shell.sign_in", next=request.form.get("next") or None))
    return _page(400, "page.outdated", own_referrer())


def _http(error: HTTPException) -> Answer | HTTPException:
    status = error.code or 500
    if status < 400:
        return error  # a redirect
    key = KEYS.get(status, "request.bad" if status < 500 else "unexpected")
    if wants_json():
        return json_error(status, key)
    return _page(status, key, None)


def _queue_down(_error: QueueDown) -> Answer:
    if wants_json():
        return json_error(503, QueueDown.key)
    return _page(503, QueueDown.key, own_referrer())


def _too_many_calls(error: TooManyCalls) -> Response:
    """What was asked for was not begun; the page says when to ask again."""
    minutes = -(-error.seconds // 60)
    advice = ngettext(
        "Nothing was done. Try again in a minute.",
        "Nothing was done. Try again in %(num)d minutes.",
        minutes,
    )
    words = Words(message_for(error.key).title, advice)
    if wants_json():
        answer = make_response(jsonify(error=error.key, title=words.title, advice=words.advice))
    else:
        page = render_template(
            "shell/error.html", status=429, words=words, back=own_referrer(), reference=""
        )
        answer = make_response(page)
    answer.status_code = 429
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _unexpected(error: Exception) -> Answer:
    # The log gets the kind and the place; a message could hold somebody's private data.
    reference = uuid4().hex[:8]
    kind, place = type(error).__qualname__, " < ".join(reversed(_place(error)))
    words = "page failed error=%s endpoint=%s reference=%s place=%r"
    log.error(words, kind, request.endpoint, reference, place)
    if wants_json():
        return json_error(500, "unexpected")
    return _page(500, "unexpected", None, reference)


def _place(error: Exception) -> list[str]:
    """File and line of each frame, innermost last."""
    frames: list[str] = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames


def _page(status: int, key: str, back: str | None, reference: str = "") -> tuple[str, int]:
    page = render_template(
        "shell/error.html",
        status=status,
        words=message_for(key),
        back=back,
        reference=reference,
    )
    return page, status
