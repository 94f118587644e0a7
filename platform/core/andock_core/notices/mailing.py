"""Notices by mail: a job each, because a mail server may take its time."""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from andock_core import mail
from andock_core.jobs.queue import QueueDown
from andock_core.storage import SYSTEM, Member, Notice, Tenant

if TYPE_CHECKING:
    from andock_core.core import Core

log = logging.getLogger("andock.notices")

LETTERS = {
    "request.asked": "request_asked",
    "request.approved": "request_approved",
    "request.declined": "request_declined",
    "connection.ended": "connection_ended",
}
"""The kinds that are told by mail too, with the names of their texts in `andock_core.mail`."""


def post(core: "Core", notice_ids: Iterable[str]) -> None:
    """Send notices by mail, where the operator set a server up. Call it after the commit; without
    a queue they are told in the app alone."""
    if not core.settings.smtp_url:
        return
    for notice_id in notice_ids:
        try:
            core.queue.enqueue("background", "mail_notice", notice_id)
        except QueueDown:
            log.warning("queue down: a notice is told in the app alone")


def mail_out(core: "Core", notice_id: str) -> bool:
    """Send one notice to its member, in a worker; whether it was sent. One that was read meanwhile,
    or whose member was deactivated, is not."""
    with core.storage.read(SYSTEM) as session:
        notice = session.get(Notice, notice_id)
        member = session.get(Member, notice.member_id) if notice else None
        if notice is None or member is None or notice.read_at or not member.active:
            return False
        letter = LETTERS.get(notice.kind)
        if letter is None:
            return False
        tenant = session.get_one(Tenant, notice.tenant_id)
        language = member.language or tenant.language
        values = {name: str(value) for name, value in notice.facts.items()}
        address, named = member.email, member.name
    slug = values.get("integration", "")
    listed = core.catalog.get(slug)
    title = listed.listing.title.to(language) if listed and listed.listing else slug
    said = {"who": "", "word": "", **values, "title": title, "name": named}
    subject, text = mail.compose(letter, language, **said)
    return mail.send(core, address, subject, text)
