"""One member: role, sessions, password, and whether they may sign in."""

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from andock_core.accounts import Unusable, administration, links, mailing, sessions
from andock_core.accounts.administration import Account
from andock_core.accounts.errors import LastAdmin, NoSuchMember
from andock_core.governance import standing
from andock_web import current
from andock_web.administration import queries, words
from andock_web.administration.area import pages
from andock_web.profile import devices
from andock_web.redirects import redirect_to


@pages.get("/members/<member_id>")
def members_one(member_id: str) -> str:
    """What there is to know and to do."""
    return _page(_account(member_id))


@pages.post("/members/<member_id>/role")
def members_role(member_id: str) -> str | Response | tuple[str, int]:
    """Make them an admin, or a member again."""
    account = _account(member_id)
    try:
        standing.set_role(current.core(), current.scope(), member_id, request.form.get("role", ""))
    except LastAdmin:
        return _page(account, _last_admin()), 422
    except Unusable:
        return _page(account, _("Choose one of the roles.")), 422
    flash(_("The role is saved."), "go")
    if member_id == current.member().id and request.form.get("role") != "admin":
        return redirect_to(url_for("shell.index"))  # these pages are no longer theirs
    return redirect_to(url_for("administration.members_one", member_id=member_id))


@pages.post("/members/<member_id>/password")
def members_password(member_id: str) -> str:
    """A link by which they set a new password: mailed, else shown this once."""
    core, scope = current.core(), current.scope()
    try:
        made = links.password_link(core.storage, scope, member_id)
    except NoSuchMember:
        abort(404)
    return render_template(
        "administration/link.html",
        made=made,
        mailed=mailing.send_password(core, member_id, made),
        address=made.address(core.settings.base_url),
        configured=bool(core.settings.smtp_url),
        account=_account(member_id),
    )


@pages.post("/members/<member_id>/sessions/end")
def members_end_sessions(member_id: str) -> Response:
    """End one of their sessions, or all."""
    _account(member_id)
    which = request.form.get("session", "")
    core, scope = current.core(), current.scope()
    if which:
        sessions.end(core.storage, scope, member_id, which)
        flash(_("The session has ended."), "go")
    else:
        sessions.end_others(core.storage, scope, member_id)
        flash(_("All sessions have ended."), "go")
    return redirect_to(url_for("administration.members_one", member_id=member_id))


@pages.get("/members/<member_id>/deactivate")
def members_ask(member_id: str) -> str:
    """What goes, what stays."""
    account = _account(member_id)
    if not account.active or _is_me(account):
        abort(404)
    return render_template("administration/deactivate.html", account=account, wrong="")


@pages.post("/members/<member_id>/deactivate")
def members_deactivate(member_id: str) -> str | Response | tuple[str, int]:
    """Nobody signs in with this account any more."""
    account = _account(member_id)
    if request.form.get("sure") != "yes" or _is_me(account):
        abort(400)
    try:
        administration.deactivate(current.core(), current.scope(), member_id)
    except LastAdmin:
        page = render_template(
            "administration/deactivate.html", account=account, wrong=_last_admin()
        )
        return page, 422
    flash(_("%(name)s can no longer sign in.", name=account.name), "go")
    return redirect_to(url_for("administration.members_one", member_id=member_id))


@pages.post("/members/<member_id>/activate")
def members_activate(member_id: str) -> Response:
    """Let them sign in again."""
    account = _account(member_id)
    administration.activate(current.core().storage, current.scope(), member_id)
    flash(_("%(name)s can sign in again.", name=account.name), "go")
    return redirect_to(url_for("administration.members_one", member_id=member_id))


def _account(member_id: str) -> Account:
    try:
        return administration.account_of(current.core().storage, current.scope(), member_id)
    except NoSuchMember:
        abort(404)


def _is_me(account: Account) -> bool:
    return account.id == current.member().id


def _last_admin() -> str:
    return str(_("A company needs at least one administrator. Make somebody else one first."))


def _page(account: Account, wrong: str = "") -> str:
    core, scope = current.core(), current.scope()
    return render_template(
        "administration/member.html",
        account=account,
        letters=queries.letters(account),
        is_me=_is_me(account),
        wrong=wrong,
        configured=bool(core.settings.smtp_url),
        words=words,
        sessions=[
            {
                "id": each.id,
                "device": devices.words(each.user_agent),
                "icon": devices.icon(each.user_agent),
                "seen_at": each.seen_at,
                "created_at": each.created_at,
            }
            for each in sessions.of_member(core.storage, scope, account.id)
        ],
    )
