"""Forgot the password: a link by mail, or whom to ask. Never whether there is an account."""

from flask import render_template, request
from flask_babel import gettext as _

from andock_core.accounts.create import is_email, normal_email
from andock_core.accounts.mailing import ask_for_link
from andock_web import current, limits, session
from andock_web.joining.area import pages
from andock_web.plain import one_line


@pages.get("/forgotten")
@session.public
def forgotten() -> str:
    """Ask for the address, where a mail server is set up."""
    return _page()


@pages.post("/forgotten")
@session.public
def send_link() -> str | tuple[str, int]:
    """Have a link mailed. The answer is the same for every address."""
    if not current.core().settings.smtp_url:
        return _page()
    email = one_line(request.form.get("email", ""))
    if not is_email(normal_email(email)):
        return _page(email, wrong=_("Please enter an e-mail address.")), 422
    if not limits.may_ask_for_letter(email):
        return _page(email, too_many=True), 429
    ask_for_link(current.core(), email)
    return _page(email, asked=True)


def _page(email: str = "", wrong: str = "", *, asked: bool = False, too_many: bool = False) -> str:
    return render_template(
        "joining/forgotten.html",
        email=email,
        wrong=wrong,
        asked=asked,
        too_many=too_many,
        configured=bool(current.core().settings.smtp_url),
    )
