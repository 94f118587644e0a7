"""What is behind the links: an account of one's own, a new password."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from andock_core.accounts import (
    EmailTaken,
    PasswordTooLong,
    PasswordTooShort,
    Unusable,
    links,
)
from andock_core.accounts.errors import NoSuchLink
from andock_core.accounts.links import INVITE, PASSWORD, Looked
from andock_web import current, limits, session
from andock_web.joining.area import of_password, pages, sentence, speaking, with_zones
from andock_web.language import LANGUAGES, language
from andock_web.plain import one_line
from andock_web.redirects import redirect_to

Answer = str | Response | tuple[str, int]


@pages.get("/join/<invitation>")
@session.public
def join(invitation: str) -> Answer:
    """What somebody is invited to. Opening it uses nothing up."""
    try:
        looked = _looked(INVITE, invitation)
    except NoSuchLink:
        return _ended(INVITE)
    with speaking(looked.language):
        form = {"name": "", "language": language(), "zone": looked.zone}
    return _join_page(invitation, looked, form, {})


@pages.post("/join/<invitation>")
@session.public
def accept(invitation: str) -> Answer:
    """Make the account, and sign in with it."""
    core, form = current.core(), _join_form()
    password, wrong = request.form.get("password", ""), {}
    try:
        looked = _looked(INVITE, invitation)
    except NoSuchLink:
        return _ended(INVITE)
    try:
        if password != request.form.get("again", ""):
            wrong = {"again": _("The two passwords are not the same.")}
        else:
            links.accept(core.storage, invitation, password=password, **form)
    except NoSuchLink:
        return _ended(INVITE)
    except EmailTaken:
        wrong = {"email": "taken"}
    except (PasswordTooShort, PasswordTooLong) as error:
        wrong = {"password": of_password(error)}
    except Unusable as error:
        wrong = dict([sentence(str(error))])
    if wrong:
        return _join_page(invitation, looked, form, wrong), 422
    session.end()  # whoever was signed in here is somebody else
    with speaking(form["language"]):
        flash(_("Your account is ready. Sign in with your e-mail address and your password."), "go")
    return redirect_to(url_for("shell.sign_in"))


@pages.get("/password/<reset>")
@session.public
def password(reset: str) -> Answer:
    """Where a new password is typed. Opening it uses nothing up."""
    try:
        looked = _looked(PASSWORD, reset)
    except NoSuchLink:
        return _ended(PASSWORD)
    return _password_page(reset, looked, {})


@pages.post("/password/<reset>")
@session.public
def set_password(reset: str) -> Answer:
    """Set it; all sessions end."""
    new, wrong = request.form.get("password", ""), {}
    try:
        looked = _looked(PASSWORD, reset)
    except NoSuchLink:
        return _ended(PASSWORD)
    try:
        if new != request.form.get("again", ""):
            wrong = {"again": _("The two passwords are not the same.")}
        else:
            links.set_password(current.core().storage, reset, new)
    except NoSuchLink:
        return _ended(PASSWORD)
    except (PasswordTooShort, PasswordTooLong) as error:
        wrong = {"password": of_password(error)}
    if wrong:
        return _password_page(reset, looked, wrong), 422
    session.end()
    with speaking(looked.language):
        flash(_("Your new password is set. Sign in with it."), "go")
    return redirect_to(url_for("shell.sign_in"))


def _looked(kind: str, secret: str) -> Looked:
    """Raises NoSuchLink, also for whoever guesses too often."""
    if not limits.may_open_link(kind):
        raise NoSuchLink("too many tries")
    try:
        return links.look(current.core().storage, kind, secret)
    except NoSuchLink:
        limits.count_missed_link(kind)
        raise


def _join_form() -> dict[str, str]:
    wanted = request.form.get("language", "")
    return {
        "name": one_line(request.form.get("name", "")),
        "language": wanted if wanted in LANGUAGES else language(),
        "zone": request.form.get("zone", "").strip(),
    }


def _join_page(invitation: str, looked: Looked, form: dict[str, str], wrong: dict[str, str]) -> str:
    with speaking(looked.language):
        return with_zones("joining/join.html", form, wrong, invitation=invitation, looked=looked)


def _password_page(reset: str, looked: Looked, wrong: dict[str, str]) -> str:
    with speaking(looked.language):
        return render_template("joining/password.html", reset=reset, looked=looked, wrong=wrong)


def _ended(kind: str) -> tuple[str, int]:
    return render_template("joining/ended.html", invites=kind == INVITE), 404
