"""Making tenants and members."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from andock_core import audit
from andock_core.accounts.errors import EmailTaken, SlugTaken, Unusable
from andock_core.accounts.passwords import check_policy, hash_password
from andock_core.storage import SYSTEM, Member, Scope, Storage, Tenant
from andock_core.storage.types import new_id

LANGUAGES = ("de", "en")
ROLES = ("member", "admin")
_SLUG = re.compile(r"[a-z][a-z0-9-]{0,59}")
LONGEST_EMAIL = 320
_EMAIL = re.compile(r"[^@\s<>,;:\"\\\x00-\x20\x7f]+@[^@\s<>,;:\"\\\x00-\x20\x7f]+")


def create_tenant(
    storage: Storage, slug: str, name: str, language: str = "de", zone: str = "Europe/Berlin"
) -> str:
    """A new company; its id. Raises SlugTaken, Unusable."""
    check_tenant(slug, language, zone)
    tenant = Tenant(id=new_id(), slug=slug, name=name, language=language, zone=zone)
    tenant_id = tenant.id
    try:
        with storage.write(SYSTEM) as session:
            session.add(tenant)
            session.flush()
            audit.record(session, tenant_id, "tenant.added", actor_id=audit.OPERATOR)
    except IntegrityError as error:
        raise SlugTaken(slug) from error
    return tenant_id


def check_tenant(slug: str, language: str, zone: str) -> None:
    """Raises Unusable for what no company can have."""
    if not _SLUG.fullmatch(slug):
        raise Unusable("a tenant's slug has lower-case letters, digits and hyphens")
    if language not in LANGUAGES:
        raise Unusable(f"language: one of {', '.join(LANGUAGES)}")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Unusable(f"zone: {zone} is no IANA time zone") from error


def create_member(
    storage: Storage, tenant_id: str, email: str, name: str, password: str, role: str = "member"
) -> str:
    """A new member of a tenant; their id.

    Raises EmailTaken, PasswordTooShort, PasswordTooLong, Unusable.
    """
    if role not in ROLES:
        raise Unusable(f"role: one of {', '.join(ROLES)}")
    if not is_email(normal_email(email)):
        raise Unusable("that is no e-mail address")
    check_policy(password)
    member = Member(
        id=new_id(),
        tenant_id=tenant_id,
        email=normal_email(email),
        name=name.strip(),
        password_hash=hash_password(password),
        role=role,
    )
    member_id = member.id
    try:
        with storage.write(Scope(tenant_id)) as session:
            if session.scalar(select(Tenant.id).where(Tenant.id == tenant_id)) is None:
                raise Unusable("there is no such tenant")
            session.add(member)
            session.flush()
            audit.record(
                session,
                tenant_id,
                "member.added",
                actor_id=audit.OPERATOR,
                subject_id=member_id,
                role=role,
            )
    except IntegrityError as error:
        raise EmailTaken(normal_email(email)) from error
    return member_id


def is_email(address: str) -> bool:
    """Whether it could be one: two parts, no space, no longer than the standard allows."""
    return len(address) <= LONGEST_EMAIL and bool(_EMAIL.fullmatch(address))


def normal_email(email: str) -> str:
    """The one spelling that an e-mail address is stored and looked up in."""
    return email.strip().lower()
