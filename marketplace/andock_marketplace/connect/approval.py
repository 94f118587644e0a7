"""Where only an administrator of the other side may allow the access: the link for them."""

from flask import render_template, url_for

from andock_core.authorizing import approvals
from andock_core.connections.status import AttemptStatus
from andock_marketplace.connect import queries
from andock_marketplace.connect.views import Answer
from andock_marketplace.connect.wizard import latest, wizard
from andock_web import current
from andock_web.redirects import redirect_to


@wizard.get("/<connection_id>/approval/part")
def approval_part(connection_id: str) -> Answer:
    """The link, or that they agreed."""
    view = queries.connection(connection_id)
    attempt = latest(connection_id, "test")
    if attempt is None or not attempt.approval:
        return redirect_to(url_for("wizard.test", connection_id=connection_id))
    return render_template(
        "marketplace/_approval.html", view=view, needs_more=attempt.more, **shown(attempt)
    )


def shown(attempt: AttemptStatus | None) -> dict[str, object]:
    """`approval`: the link of a test that failed for want of it. `approved`: they agreed since."""
    if attempt is None or not attempt.approval:
        return {"approval": "", "approved": False}
    given = approvals.is_given(current.core(), current.scope(), attempt.connection_id)
    return {"approval": attempt.approval, "approved": given}
