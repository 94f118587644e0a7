"""The first part of a test: the answers, or another site's sign-in, become a grant."""

from typing import TYPE_CHECKING

from andock_core.authorizing import approvals, places, sign_ins
from andock_core.connections import answers as checking
from andock_core.connections.asking import Work, ask
from andock_core.connections.status import AWAY
from andock_sdk import Answers, FieldErrors, Grant, Listing, Redirect
from andock_sdk.errors import ApprovalNeeded, MemberError, PluginBug

if TYPE_CHECKING:
    from andock_core.core import Core
    from andock_core.host.context import PluginContext


def authorize(core: "Core", work: Work, context: "PluginContext", wanted: Answers) -> Grant | None:
    """The grant, or None when the member has to sign in at another site first."""
    if work.away.params is not None:
        return _came_back(core, work, context, work.away.params)
    answer = ask(core, work, "authorize", object, context, answers=work.answers, wanted=wanted)
    if isinstance(answer, Redirect):
        _lead_away(core, work, answer, wanted)
        return None
    if isinstance(answer, FieldErrors):
        work.outcome = {"field_errors": answer.errors}
        raise MemberError("answers.refused")
    if not isinstance(answer, Grant):
        raise PluginBug("authorize.type")
    return answer


def _lead_away(core: "Core", work: Work, redirect: Redirect, wanted: Answers) -> None:
    """Remember that the member goes; their page shows where to."""
    listing = _listing(core, work.slug)
    if listing is None or not listing.sign_in_hosts:
        raise PluginBug(detail="authorize: a redirect, and no sign_in_hosts in the listing")
    places.check_redirect(core.settings, listing, redirect)
    form = listing.authorize_form
    answers = checking.without_secrets(form, work.answers) if form else {}
    kept = (answers, wanted if work.away.wanted is not None else None)
    sign_ins.begin(core, work.scope, work.connection_id, work.away.session_id, redirect, *kept)
    work.outcome, work.ends = {"redirect": redirect.url}, AWAY


def _came_back(core: "Core", work: Work, context: "PluginContext", params: dict[str, str]) -> Grant:
    """The grant that the other site's answer stands for."""
    memory = work.away.memory
    try:
        return ask(
            core,
            work,
            "authorized",
            Grant,
            context,
            answers=work.answers,
            params=params,
            memory=memory,
        )
    except ApprovalNeeded as error:
        listing = _listing(core, work.slug)
        if error.url and listing is not None:
            places.check_place(core.settings, listing, error.url)
            approvals.wait_for(core, work.scope, work.connection_id, error.url)
            work.outcome = {"approval": error.url}
        raise


def _listing(core: "Core", slug: str) -> Listing | None:
    listed = core.catalog.get(slug)
    return listed.listing if listed else None
