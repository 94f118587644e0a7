"""The company's members: who there is, and inviting."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from andock_core.accounts import EmailTaken, Unusable, links, mailing
from andock_core.accounts.errors import NoSuchLink, TooManyLinks
from andock_web import current, limits
from andock_web.administration import queries, words
from andock_web.administration.area import pages
from andock_web.plain import one_line
from andock_web.redirects import redirect_to


@pages.get("/")
def show() -> Response:
    """The administration's first page in the shell."""
    return redirect_to(url_for("administration.members"))


@pages.get("/members")
def members() -> str:
    """Who there is, and who is invited."""
    return _page()


@pages.post("/members/invite")
def members_invite() -> str | tuple[str, int]:
    """Invite somebody, or once more. The link is mailed, else shown this once."""
    core, scope = current.core(), current.scope()
    email, role = one_line(request.form.get("email", "")), request.form.get("role", "member")
    if core.settings.smtp_url and not limits.may_invite(email):
        said = _("This address was invited three times within an hour. Wait a while.")
        return _page(email, role, said), 429
    try:
        made = links.invite(core.storage, scope, email, role)
    except EmailTaken:
        return _page(email, role, _("This address belongs to a member of your company.")), 422
    except Unusable:
        return _page(email, role, _("Please enter an e-mail address.")), 422
    except TooManyLinks:
        said = _("There are too many open invitations. Take some back first.")
        return _page(email, role, said), 422
    return render_template(
        "administration/link.html",
        made=made,
        mailed=mailing.send_invitation(core, scope, made),
        address=made.address(core.settings.base_url),
        configured=bool(core.settings.smtp_url),
    )


@pages.post("/invitations/<account_link_id>/take-back")
def members_take_back(account_link_id: str) -> Response:
    """End an invitation."""
    try:
        email = links.take_back(current.core().storage, current.scope(), account_link_id)
    except NoSuchLink:
        flash(_("This invitation was used, or has been taken back already."), "mind")
    else:
        flash(_("The invitation of %(email)s is taken back.", email=email), "go")
    return redirect_to(url_for("administration.members"))


def _page(email: str = "", role: str = "member", wrong: str = "") -> str:
    core, args = current.core(), request.args
    text, state = args.get("q", "")[:200], args.get("state", "")
    number = args.get("page", "1")
    found = queries.find(text, state, int(number) if number.isdecimal() and len(number) < 6 else 1)
    return render_template(
        "administration/members.html",
        found=found,
        text=text,
        state=state if state in queries.STATES else "",
        invitations=links.invitations(core.storage, current.scope()),
        email=email,
        role=role,
        wrong=wrong,
        configured=bool(core.settings.smtp_url),
        words=words,
        letters=queries.letters,
    )
