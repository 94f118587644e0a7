"""The first start: the first company and its admin, made by whoever can read the data folder.

An installation without accounts shows its first page to everybody who reaches it. So that no
stranger claims it, the page asks for a secret that lies in a file on the server.
"""

import hmac
import re
import unicodedata
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from andock_core import audit
from andock_core.accounts.create import check_tenant, is_email, normal_email
from andock_core.accounts.errors import AlreadyBegun, Unusable, WrongSecret
from andock_core.accounts.passwords import check_policy, hash_password
from andock_core.accounts.profile import LONGEST_NAME
from andock_core.files import private_file
from andock_core.storage import SYSTEM, Member, Storage, Tenant
from andock_core.storage.types import new_id

FILE = "first-start.secret"
LONGEST_COMPANY = 200
_LOCK = 0x66697273742D31  # "first-1": the number of PostgreSQL's advisory lock


def is_empty(storage: Storage) -> bool:
    """Whether nobody has an account yet."""
    with storage.read(SYSTEM) as session:
        return session.scalar(select(Member.id).limit(1)) is None


def secret_file(home: Path) -> Path:
    """The file with the secret, made when it is missing; only its owner may read it.

    Raises PermissionError when others may.
    """
    private_file(home / FILE)
    return home / FILE


def check_secret(home: Path, given: str) -> None:
    """Raises WrongSecret."""
    kept = private_file(home / FILE)
    if not hmac.compare_digest(kept.encode(), given.strip().encode()):
        raise WrongSecret("see the file in the data folder")


def begin(
    storage: Storage,
    home: Path,
    *,
    company: str,
    email: str,
    name: str,
    password: str,
    language: str,
    zone: str,
    slug: str = "",
) -> str:
    """Make the first company and its admin, both or nothing; the admin's id. The secret is gone
    afterwards. Of two at once, one gets AlreadyBegun.

    Raises AlreadyBegun, PasswordTooShort, PasswordTooLong, Unusable with a message key.
    """
    slug = slug or slug_of(company)
    if not company.strip() or len(company.strip()) > LONGEST_COMPANY:
        raise Unusable("company.unusable")
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        raise Unusable("name.unusable")
    if not is_email(normal_email(email)):
        raise Unusable("email.unusable")
    check_tenant(slug, language, zone)
    check_policy(password)
    if not is_empty(storage):
        raise AlreadyBegun("somebody has an account already")
    hashed = hash_password(password)  # takes long on purpose: outside of any transaction
    member_id, tenant_id = new_id(), new_id()
    with storage.write(SYSTEM) as session:
        _wait_for_others(session)
        if session.scalar(select(Member.id).limit(1)) is not None:
            raise AlreadyBegun("somebody has an account already")
        if session.scalar(select(Tenant.id).where(Tenant.slug == slug)) is not None:
            slug = f"{slug[:50]}-{tenant_id[:6]}"
        session.add(
            Tenant(id=tenant_id, slug=slug, name=company.strip(), language=language, zone=zone)
        )
        session.flush()
        session.add(
            Member(
                id=member_id,
                tenant_id=tenant_id,
                email=normal_email(email),
                name=name.strip(),
                password_hash=hashed,
                role="admin",
            )
        )
        audit.record(
            *(session, tenant_id, "tenant.began"),
            actor_id=audit.OPERATOR,
            subject_id=member_id,
        )
    (home / FILE).unlink(missing_ok=True)
    return member_id


def slug_of(company: str) -> str:
    """A short name from a company's: "Müller & Söhne GmbH" is "muller-sohne-gmbh"."""
    plain = unicodedata.normalize("NFKD", company).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    return slug if slug[:1].isalpha() else f"company-{slug}".strip("-")[:60]


def _wait_for_others(session: Session) -> None:
    """One first start at a time. SQLite's writers wait for each other anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
