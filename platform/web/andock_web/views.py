"""Sign-in, sign-out, and the choice of a language."""

from flask import Blueprint, Flask, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _, refresh
from werkzeug.wrappers import Response

from andock_core import accounts
from andock_web import current, limits, session
from andock_web.language import LANGUAGES, remember
from andock_web.messages import message_for
from andock_web.redirects import redirect_to, safe_path
from andock_web.shell import home_url

pages = Blueprint("shell", __name__)


def init_app(app: Flask) -> None:
    """Add the shell's own pages."""
    app.register_blueprint(pages)


@pages.get("/")
def index() -> Response:
    """The first place."""
    return redirect_to(home_url() or abort(404))


@pages.get("/sign-in")
@session.public
def sign_in() -> str | Response:
    """The sign-in page, or onwards when someone is signed in already."""
    if current.member_or_none() is not None:
        return redirect_to(_target())
    return _sign_in_page("")


@pages.post("/sign-in")
@session.public
def try_sign_in() -> str | Response | tuple[str, int]:
    """Sign in. A refusal does not tell an unknown address from a wrong password."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    if not limits.may_sign_in(email):
        return _sign_in_page(email, "tries.too_many"), 429
    member = accounts.sign_in(current.core().storage, email, password)
    if member is None:
        limits.count_failed_sign_in(email)
        answer = make_response(_sign_in_page(email, "account.refused"), 422)
        # Once the answer is out: it takes longer where there is an account.
        storage = current.core().storage
        answer.call_on_close(lambda: accounts.note_refused(storage, email))
        return answer
    session.begin(member)
    return redirect_to(_target())


@pages.post("/sign-out")
@session.public
def sign_out() -> Response:
    """End the session of this browser."""
    session.end()
    flash(_("You are signed out."), "go")
    return redirect_to(url_for("shell.sign_in"))


@pages.post("/language")
@session.public
def choose_language() -> Response:
    """Switch the language, remember it, and return to the page."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    response = redirect_to(_target())
    remember(response, chosen)
    refresh()
    return response


def _sign_in_page(email: str, problem: str = "") -> str:
    target = safe_path(request.values.get("next"), "")
    words = message_for(problem) if problem else None
    return render_template("shell/sign_in.html", email=email, failed=words, next=target)


def _target() -> str:
    return safe_path(request.values.get("next"), url_for("shell.index"))
