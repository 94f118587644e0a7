"""The first start: who can read the data folder makes the first company and its admin."""

import logging

from flask import abort, current_app, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from andock_core.accounts import PasswordTooLong, PasswordTooShort, Unusable, first
from andock_core.accounts.errors import AlreadyBegun, WrongSecret
from andock_web import current, limits, session
from andock_web.joining.area import of_password, pages, sentence, with_zones
from andock_web.language import LANGUAGES, language
from andock_web.plain import one_line
from andock_web.redirects import redirect_to

_BEGUN = "andock_begun"
log = logging.getLogger("andock.web")


def is_first_start() -> bool:
    """Whether nobody has an account yet. Asked of the database only as long as that is so."""
    if current_app.extensions.get(_BEGUN):
        return False
    if first.is_empty(current.core().storage):
        return True
    current_app.extensions[_BEGUN] = True
    return False


def lead_there() -> Response | None:
    """Whoever comes to sign in where nobody can is led to the first start."""
    if request.endpoint == "shell.sign_in" and is_first_start():
        return redirect_to(url_for("joining.first_start"))
    return None


@pages.get("/first-start")
@session.public
def first_start() -> str:
    """The form. The secret's file is made now, if it is not there; the log says where."""
    if not is_first_start():
        abort(404)
    path = first.secret_file(current.core().settings.home)
    log.warning("first start: the secret that the page asks for lies in %s", path)
    return _page(_form(), {})


@pages.post("/first-start")
@session.public
def begin() -> str | Response | tuple[str, int]:
    """Make the company and its admin."""
    if not is_first_start():
        abort(404)
    if not limits.may_open_link("first"):
        return _page(_form(), {"secret": _("Too many tries. Wait a quarter of an hour.")}), 429
    form, wrong = _form(), {}
    core, password = current.core(), request.form.get("password", "")
    try:
        first.check_secret(core.settings.home, request.form.get("secret", ""))
        if password != request.form.get("again", ""):
            wrong = {"again": _("The two passwords are not the same.")}
        else:
            first.begin(core.storage, core.settings.home, password=password, **form)
    except WrongSecret:
        limits.count_missed_link("first")
        wrong = {"secret": _("That is not the secret. Look into the file on the server.")}
    except AlreadyBegun:
        abort(404)
    except (PasswordTooShort, PasswordTooLong) as error:
        wrong = {"password": of_password(error)}
    except Unusable as error:
        wrong = dict([sentence(str(error))])
    if wrong:
        return _page(form, wrong), 422
    flash(_("%(name)s is ready. Sign in as its administrator.", name=form["company"]), "go")
    return redirect_to(url_for("shell.sign_in"))


def _form() -> dict[str, str]:
    wanted = request.form.get("language", language())
    return {
        "company": one_line(request.form.get("company", "")),
        "email": one_line(request.form.get("email", "")),
        "name": one_line(request.form.get("name", "")),
        "language": wanted if wanted in LANGUAGES else "de",
        "zone": request.form.get("zone", "Europe/Berlin").strip(),
    }


def _page(form: dict[str, str], wrong: dict[str, str]) -> str:
    return with_zones("joining/first.html", form, wrong, file=first.FILE)
