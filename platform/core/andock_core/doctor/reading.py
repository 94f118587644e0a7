"""The report of a diagnosis that has ended, as its owner hands it on."""

from typing import TYPE_CHECKING

from andock_core import clock
from andock_core.connections.errors import NotReady
from andock_core.connections.status import AttemptStatus
from andock_core.doctor.report import Report
from andock_sdk import Text

if TYPE_CHECKING:
    from andock_core.core import Core


def report_of(core: "Core", slug: str, attempt: AttemptStatus, *, with_names: bool) -> Report:
    """The report of a diagnosis, without secrets and, unless wanted, names of people. Raises
    NotReady while it is under way."""
    if attempt.kind != "doctor" or attempt.under_way:
        raise NotReady
    listed = core.catalog.get(slug)
    listing = listed.listing if listed else None
    whole = Report(
        made_at=attempt.created_at or clock.now(),
        integration=slug,
        title=listing.title if listing else Text(en=slug),
        version=listing.version if listing else "",
        server=attempt.server,
        error=attempt.found or attempt.error,
        certificate=attempt.shown.certificate if attempt.shown else None,
        why=attempt.shown.why if attempt.shown else "",
        steps=attempt.steps,
    )
    return whole.redacted(attempt.names, with_names=with_names)
