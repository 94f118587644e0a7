"""Who is signed in: Flask-Login over a signed cookie. Every view needs a sign-in unless public.

The cookie carries the id of the session's row and the member's session epoch, nothing else. Ending
the row ends the session, raising the epoch ends all of a member's. A session is not bound to the
caller's address: a phone changes it all day.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request, session as cookie, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from andock_core.accounts import MemberInfo, sessions
from andock_web import current
from andock_web.answers import wants_json
from andock_web.redirects import own_referrer, redirect_to

View = TypeVar("View", bound=Callable[..., Any])
_PUBLIC = "andock_public"


class SignedIn:
    """The member behind a request, as Flask-Login wants it."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, info: MemberInfo, session_id: str) -> None:
        self.info = info
        self.session_id = session_id

    def get_id(self) -> str:
        """What the cookie holds."""
        return f"{self.session_id}:{self.info.epoch}"


def init_app(app: Flask) -> None:
    """Set up Flask-Login and close every view that is not marked public."""
    manager = LoginManager(app)
    manager.session_protection = "basic"
    manager.user_loader(_load)
    app.before_request(_require_sign_in)


def public(view: View) -> View:
    """Mark a view as open to everybody."""
    setattr(view, _PUBLIC, True)
    return view


def is_public(view: Callable[..., Any]) -> bool:
    """Whether a view is marked as open to everybody."""
    return hasattr(view, _PUBLIC)


def begin(member: MemberInfo) -> None:
    """Start a session for this member, with an id of its own. Whatever the visitor's cookie held
    before is dropped, and a session that it belonged to ends."""
    _end_row()
    cookie.clear()
    agent = request.user_agent.string
    session_id = sessions.begin(current.core().storage, member, agent)
    login_user(SignedIn(member, session_id), remember=False)


def end() -> None:
    """End the session of this browser."""
    _end_row()
    logout_user()
    cookie.clear()


def _end_row() -> None:
    member = current.member_or_none()
    if member is not None:
        sessions.end(current.core().storage, member.scope, member.id, this_id())


def this_id() -> str:
    """The id of the session that the request came with."""
    return str(current_user.session_id)


def _load(text: str) -> SignedIn | None:
    session_id, _, epoch = text.partition(":")
    if not epoch.isdecimal():
        return None
    info = sessions.load(current.core().storage, session_id, int(epoch))
    return None if info is None else SignedIn(info, session_id)


def _require_sign_in() -> Response | tuple[Response, int] | None:
    if _is_public() or current.member_or_none() is not None:
        return None
    from andock_web.errors import json_error  # the error pages ask who is signed in

    if wants_json():
        return json_error(401, "signed_out")
    target = request.full_path.rstrip("?") if request.method == "GET" else own_referrer()
    return redirect_to(url_for("shell.sign_in", next=target or None))


def _is_public() -> bool:
    if request.endpoint is None or request.endpoint.rpartition(".")[2] == "static":
        return True  # an unknown address answers 404 to everybody; static files hold no data
    return is_public(current_app.view_functions[request.endpoint])
