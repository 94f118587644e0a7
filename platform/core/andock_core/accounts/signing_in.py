"""Signing in by e-mail address and password."""

from sqlalchemy import select

from andock_core import audit
from andock_core.accounts.create import normal_email
from andock_core.accounts.members import MemberInfo, describe
from andock_core.accounts.passwords import hash_password, is_outdated, matches, nobodys_hash
from andock_core.storage import SYSTEM, Member, Scope, Storage, Tenant


def sign_in(storage: Storage, email: str, password: str) -> MemberInfo | None:
    """The member, or None. An unknown address costs as much time as a wrong password.

    A hash of outdated parameters is renewed on the way.
    """
    decoy = nobodys_hash()
    with storage.read(SYSTEM) as session:
        row = session.execute(
            select(Member, Tenant)
            .join(Tenant, Tenant.id == Member.tenant_id)
            .where(Member.email == normal_email(email), Member.active)
        ).one_or_none()
        found = None if row is None else describe(row[0], row[1])
        stored = decoy if row is None else row[0].password_hash
    # Outside the session: the check takes long, and no lock may wait for it.
    if not matches(stored, password) or found is None:
        return None
    if is_outdated(stored):
        _renew_hash(storage, found, stored, hash_password(password))
    return found


def note_refused(storage: Storage, email: str) -> None:
    """Write into the company's audit log that somebody failed to sign in with an account.

    Call it once the answer is out: it takes longer where there is an account.
    """
    with storage.read(SYSTEM) as session:
        found = session.execute(
            select(Member.id, Member.tenant_id, Member.active).where(
                Member.email == normal_email(email)
            )
        ).one_or_none()
    if found is None:
        return
    with storage.write(Scope(found.tenant_id)) as session:
        audit.record(
            *(session, found.tenant_id, "session.refused"),
            subject_id=found.id,
            active=found.active,
        )


def _renew_hash(storage: Storage, member: MemberInfo, old: str, new: str) -> None:
    with storage.write(member.scope) as session:
        row = session.get(Member, member.id)
        if row is not None and row.password_hash == old:  # else changed meanwhile: leave it
            row.password_hash = new
