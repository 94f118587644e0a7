"""Members as the pages see them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from andock_core.storage import Member, Scope, Storage, Tenant


@dataclass(frozen=True)
class MemberInfo:
    """Who is signed in. `language` and `zone` are the member's, else the tenant's.

    `language_chosen` tells a choice of the member from the tenant's default. `epoch` is the
    session epoch: a session of an older one has ended. `picture` is the mark of the profile
    picture, empty without one. For the rest see `andock_core.accounts.profile.Habits`.
    """

    id: str
    tenant_id: str
    tenant_name: str
    email: str
    name: str
    role: str
    language: str
    zone: str
    initials: str
    language_chosen: bool = False
    epoch: int = 0
    week_start: int = 1
    work_start: str = "08:00"
    work_end: str = "17:00"
    picture: str = ""
    scheme: str = ""
    shortcuts: bool = True

    @property
    def scope(self) -> Scope:
        """What a session in this member's name may see."""
        return Scope(tenant_id=self.tenant_id, member_id=self.id)


@dataclass(frozen=True)
class Colleague:
    """Another member of the same tenant. `picture` is the mark of their picture, if any."""

    id: str
    name: str
    initials: str
    picture: str = ""


def describe(member: Member, tenant: Tenant) -> MemberInfo:
    """The member's row and its tenant's, as data."""
    return MemberInfo(
        id=member.id,
        tenant_id=tenant.id,
        tenant_name=tenant.name,
        email=member.email,
        name=member.name,
        role=member.role,
        language=member.language or tenant.language,
        zone=member.zone or tenant.zone,
        initials=initials(member.name),
        language_chosen=bool(member.language),
        epoch=member.session_epoch,
        week_start=member.week_start,
        work_start=member.work_start,
        work_end=member.work_end,
        picture=member.picture_mark,
        scheme=member.scheme,
        shortcuts=member.shortcuts,
    )


def colleagues(session: Session) -> list[Colleague]:
    """The active members of the session's tenant by name, without the one who asks."""
    scope: Scope = session.info["scope"]
    rows = session.scalars(
        select(Member)
        .where(Member.tenant_id == scope.tenant_id, Member.id != scope.member_id, Member.active)
        .order_by(Member.name, Member.id)
    )
    return [Colleague(row.id, row.name, initials(row.name), row.picture_mark) for row in rows]


def set_language(storage: Storage, member: MemberInfo, language: str) -> None:
    """Remember the language that the member chose."""
    with storage.write(member.scope) as session:
        row = session.get(Member, member.id)
        if row is not None:
            row.language = language


def initials(name: str) -> str:
    """Two letters for the profile picture: of the first and the last word."""
    letters = ("".join(filter(str.isalnum, word)) for word in name.split() if word[0].isalnum())
    words = list(letters)
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()
