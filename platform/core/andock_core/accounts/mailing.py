"""Links for accounts by mail."""

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from andock_core import mail
from andock_core.accounts import links
from andock_core.accounts.create import normal_email
from andock_core.accounts.errors import NoSuchMember
from andock_core.storage import SYSTEM, Member, Scope, Tenant

if TYPE_CHECKING:
    from andock_core.core import Core

_MOMENT = {"de": "%d.%m.%Y, %H:%M Uhr", "en": "%d %b %Y, %H:%M"}
NOBODY = "nobody"
"""The id that a job gets where there is no account, so that a queue tells nobody apart."""


def send_invitation(core: "Core", scope: Scope, made: links.Made) -> bool:
    """Mail an invitation, in the company's language; whether the server took it."""
    with core.storage.read(scope) as session:
        tenant = session.get_one(Tenant, scope.tenant_id)
        inviter = session.get_one(Member, scope.member_id)
        language, zone, company, name = tenant.language, tenant.zone, tenant.name, inviter.name
    subject, text = mail.compose(
        *("invited", language),
        company=company,
        inviter=name,
        link=made.address(core.settings.base_url),
        until=_until(made.expires_at, language, zone),
    )
    return mail.send(core, made.email, subject, text)


def send_password(core: "Core", member_id: str, made: links.Made) -> bool:
    """Mail a link for a new password, in the member's language; whether the server took it."""
    with core.storage.read(SYSTEM) as session:
        member = session.get_one(Member, member_id)
        tenant = session.get_one(Tenant, member.tenant_id)
        language, zone = member.language or tenant.language, member.zone or tenant.zone
        name = member.name
    subject, text = mail.compose(
        *("password", language),
        name=name,
        link=made.address(core.settings.base_url),
        until=_until(made.expires_at, language, zone),
    )
    return mail.send(core, made.email, subject, text)


def ask_for_link(core: "Core", email: str) -> None:
    """Somebody forgot their password: have a worker mail a link, where there is an account. What
    happens here is the same where there is none. Raises QueueDown."""
    with core.storage.read(SYSTEM) as session:
        found = session.scalar(
            select(Member.id).where(Member.email == normal_email(email), Member.active)
        )
    core.queue.enqueue("interactive", "mail_password", found or NOBODY)


def mail_link(core: "Core", member_id: str) -> bool:
    """The worker's part of `ask_for_link`; whether a mail went out."""
    try:
        made = links.password_link(core.storage, SYSTEM, member_id, forgotten=True)
    except NoSuchMember:
        return False
    return send_password(core, member_id, made)


def _until(moment: datetime, language: str, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.strftime(_MOMENT.get(language, _MOMENT['en']))} ({zone})"
