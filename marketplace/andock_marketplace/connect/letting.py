"""What switching off asks, before the choice is saved."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _, ngettext

from andock_core.connections import letting_go, service
from andock_core.connections.status import AttemptStatus
from andock_marketplace.connect import queries
from andock_marketplace.connect.views import Answer
from andock_marketplace.connect.wizard import latest, page, wizard
from andock_web import current, limits
from andock_web.redirects import redirect_to


@dataclass(frozen=True)
class Decision:
    """One question with its two answers; `value` is the one proposed."""

    name: str
    legend: str
    options: list[dict[str, str]]
    value: str


@wizard.post("/<connection_id>/letting-go")
def let_go(connection_id: str) -> Answer:
    """Save the choice together with what was decided."""
    queries.connection(connection_id)
    saved = latest(connection_id, "save")
    if saved is None or saved.state != "failed" or not saved.asks:
        return redirect_to(url_for("wizard.choice", connection_id=connection_id))
    fates = {
        subject: request.form[subject]
        for subject in saved.asks
        if request.form.get(subject) in letting_go.FATES
    }
    core, scope = current.core(), current.scope()
    limits.call_out()
    service.save_settings(core, scope, connection_id, saved.answers, fates)
    return redirect_to(url_for("wizard.preview", connection_id=connection_id))


def asked(view: queries.ConnectionView, saved: AttemptStatus, *, part: bool) -> str:
    """The page that asks."""
    decisions = [_DECISIONS[subject](count) for subject, count in saved.asks.items()]
    says = _("One question before this is saved.")
    return page(view, "letting_go", part=part, decisions=decisions, says=says)


def _calendar(count: int) -> Decision:
    return Decision(
        name="calendar",
        legend=ngettext(
            "What becomes of the %(num)d imported block in your Andock calendar?",
            "What becomes of the %(num)d imported blocks in your Andock calendar?",
            count,
        ),
        options=[
            {
                "value": "goes",
                "label": _("They go"),
                "hint": _("Choose the calendar again to get them back."),
            },
            {
                "value": "stays",
                "label": _("They stay, no longer in step"),
                "hint": _("What you have made visible stays in any case."),
            },
        ],
        value="goes",
    )


def _contacts(count: int) -> Decision:
    return Decision(
        name="contacts",
        legend=ngettext(
            "What becomes of the %(num)d contact that came from there?",
            "What becomes of the %(num)d contacts that came from there?",
            count,
        ),
        options=[
            {
                "value": "stays",
                "label": _("They stay, no longer in step"),
                "hint": _("You keep them in Andock; nothing changes on the other side."),
            },
            {
                "value": "goes",
                "label": _("They go"),
                "hint": _("They stay on the other side. Contacts made in Andock stay here too."),
            },
        ],
        value="stays",
    )


def _planning(count: int) -> Decision:
    return Decision(
        name="planning",
        legend=ngettext(
            "What becomes of the %(num)d entry for tasks and calls in the calendar over there?",
            "What becomes of the %(num)d entries for tasks and calls in the calendar over there?",
            count,
        ),
        options=[
            {
                "value": "goes",
                "label": _("They leave that calendar"),
                "hint": _("The tasks and calls themselves stay in Andock."),
            },
            {
                "value": "stays",
                "label": _("They stay there, no longer in step"),
                "hint": _("The tasks and calls themselves stay in Andock."),
            },
        ],
        value="goes",
    )


_DECISIONS = {"calendar": _calendar, "contacts": _contacts, "planning": _planning}
