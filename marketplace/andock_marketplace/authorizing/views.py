"""The one address that every other site's sign-in sends members back to, and the administrators who
agree for others."""

from pathlib import Path

from flask import Blueprint, render_template, request, url_for
from flask_babel import force_locale, gettext as _
from werkzeug.wrappers import Response

from andock_core.authorizing import approvals
from andock_core.authorizing.places import CALLBACK
from andock_core.authorizing.sign_ins import SignInRefused
from andock_core.connections import service
from andock_core.connections.errors import ConnectionRefused
from andock_core.jobs.queue import QueueDown
from andock_marketplace.words import words_for
from andock_web import current, limits, session
from andock_web.redirects import redirect_to

authorizing = Blueprint(
    "authorizing", __name__, template_folder=str(Path(__file__).parent / "templates")
)


@authorizing.get(CALLBACK)
@session.public
def authorized() -> Response | str:
    """A member comes back. Whoever is signed out starts again: the answer is theirs alone, and is
    not carried through a sign-in."""
    decided = approvals.came(current.core(), request.args)
    if decided is not None:
        return _thanks(decided)
    if current.member_or_none() is None:
        return _refused("sign_in.signed_out", "")
    limits.call_out()
    try:
        connection_id = service.come_back(
            current.core(), current.scope(), session.this_id(), request.args
        )
    except SignInRefused as refused:
        return _refused(refused.key, refused.connection_id)
    except (ConnectionRefused, QueueDown) as error:
        return _refused(error.key, "")
    return redirect_to(url_for("wizard.test", connection_id=connection_id))


def _thanks(decided: approvals.Approval) -> str:
    """For an administrator, who may never have seen Andock: in the language of whoever asked."""
    with force_locale(decided.language):
        said = words_for("approval.came" if decided.given else "approval.refused")
        return render_template("authorizing/approved.html", words=said, given=decided.given)


def _refused(key: str, connection_id: str) -> str:
    """What happened and what to do next, with a way there."""
    if current.member_or_none() is None:
        go = (_("Sign in"), url_for("shell.sign_in", next=url_for("marketplace.mine")))
    elif connection_id:
        go = (_("Go to the connection"), url_for("connections.show", connection_id=connection_id))
    else:
        go = (_("My integrations"), url_for("marketplace.mine"))
    return render_template("authorizing/refused.html", words=words_for(key), go=go)
