"""The profile's pages."""

from contextlib import closing, nullcontext
from dataclasses import asdict

from flask import (
    Blueprint,
    Response as FlaskResponse,
    abort,
    flash,
    render_template,
    request,
    url_for,
)
from flask_babel import force_locale, gettext as _, refresh
from werkzeug.wrappers import Response

from andock_core import accounts
from andock_core.accounts import BadPicture, WrongPassword, profile, sessions
from andock_core.accounts.pictures import LARGEST_PICTURE
from andock_core.clock import now
from andock_web import current, session
from andock_web.language import LANGUAGES, language, remember, zone
from andock_web.profile import devices, forms, zones
from andock_web.redirects import redirect_to

PICTURE_POLICY = "default-src 'none'; sandbox"
"""A picture that someone opens by itself runs nothing, whatever a browser takes it for."""

pages = Blueprint(
    "profile",
    __name__,
    url_prefix="/profile",
    template_folder="templates",
    static_folder="static",
)


@pages.get("/")
def show() -> str:
    """The profile."""
    return _page(forms.of_member(current.member()), {})


@pages.post("/")
def save() -> str | Response | tuple[str, int]:
    """Keep name, language, zone and habits."""
    habits = forms.read(request.form)
    wrong = {name: forms.sentence(key) for name, key in profile.problems(habits).items()}
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    if wrong:
        return _page(habits, wrong), 422
    profile.save(current.core().storage, current.member(), habits)
    response = redirect_to(url_for("profile.show"))
    remember(response, chosen)
    with force_locale(chosen):
        flash(_("Your profile is saved."), "go")
    refresh()
    return response


@pages.post("/picture")
def set_picture() -> str | Response | tuple[str, int]:
    """Keep a picture, if it is one."""
    sent = request.files.get("picture")
    with closing(sent) if sent else nullcontext():
        data = sent.read(LARGEST_PICTURE + 1) if sent else b""
    try:
        if not data:
            raise BadPicture("picture.none")
        profile.set_picture(current.core().storage, current.member(), data)
    except BadPicture as error:
        return _page(
            forms.of_member(current.member()), {"picture": forms.sentence(str(error))}
        ), 422
    flash(_("Your picture is saved. Colleagues see it too."), "go")
    return redirect_to(url_for("profile.show"))


@pages.post("/picture/remove")
def remove_picture() -> Response:
    """Back to the initials."""
    profile.remove_picture(current.core().storage, current.member())
    flash(_("Your picture is deleted."), "go")
    return redirect_to(url_for("profile.show"))


@pages.get("/picture/<member_id>")
def picture(member_id: str) -> Response:
    """The picture of a member of the same company."""
    found = profile.picture(current.core().storage, current.scope(), member_id)
    if found is None:
        abort(404)
    answer = FlaskResponse(found.data, mimetype=found.media_type)
    answer.headers["Content-Security-Policy"] = PICTURE_POLICY
    answer.headers["Content-Disposition"] = "inline"
    kept = request.args.get("v") == found.mark  # the address changes with the picture
    answer.headers["Cache-Control"] = "private, max-age=604800" if kept else "no-store"
    return answer


@pages.post("/password")
def change_password() -> str | Response | tuple[str, int]:
    """Change the password. All sessions end; this browser gets a new one."""
    core, member = current.core(), current.member()
    new = request.form.get("new", "")
    field, key = "", ""
    try:
        if new != request.form.get("again", ""):
            field, key = "again", "password.unequal"
        else:
            profile.change_password(core.storage, member, request.form.get("present", ""), new)
    except WrongPassword:
        field, key = "present", "password.wrong"
    except accounts.PasswordTooShort:
        field, key = "new", "password.short"
    except accounts.PasswordTooLong:
        field, key = "new", "password.long"
    if key:
        return _page(forms.of_member(member), {field: forms.sentence(key)}), 422
    signed_in = accounts.sign_in(core.storage, member.email, new)
    if signed_in is None:
        session.end()
        return redirect_to(url_for("shell.sign_in"))
    session.begin(signed_in)
    flash(_("Your password is changed. All other sessions have ended."), "go")
    return redirect_to(url_for("profile.show"))


@pages.post("/sessions/<session_id>/end")
def end_session(session_id: str) -> Response:
    """End one session; one's own is what signing out is for, and ends here too."""
    member = current.member()
    if session_id == session.this_id():
        session.end()
        flash(_("You are signed out."), "go")
        return redirect_to(url_for("shell.sign_in"))
    if not sessions.end(current.core().storage, member.scope, member.id, session_id):
        abort(404)
    flash(_("The session has ended."), "go")
    return redirect_to(url_for("profile.show", _anchor="sessions"))


@pages.post("/sessions/end-others")
def end_other_sessions() -> Response:
    """End all sessions but this one."""
    member = current.member()
    sessions.end_others(current.core().storage, member.scope, member.id, session.this_id())
    flash(_("All other sessions have ended."), "go")
    return redirect_to(url_for("profile.show", _anchor="sessions"))


def _page(habits: profile.Habits, wrong: dict[str, str]) -> str:
    member, moment = current.member(), now()
    locale = "de_DE" if language() == "de" else "en_GB"
    here = moment.astimezone(zone())
    return render_template(
        "profile/show.html",
        form=asdict(habits),
        wrong=wrong,
        zones=zones.choices(moment, locale),
        here=here,
        here_offset=zones.offset(here.utcoffset()),
        sessions=[
            {
                "id": each.id,
                "device": devices.words(each.user_agent),
                "icon": devices.icon(each.user_agent),
                "created_at": each.created_at,
                "seen_at": each.seen_at,
                "is_this": each.id == session.this_id(),
            }
            for each in sessions.of_member(current.core().storage, member.scope, member.id)
        ],
    )
