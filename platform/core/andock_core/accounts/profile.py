"""What a member changes about themselves: name, zone, habits, picture, password."""

import re
from dataclasses import dataclass
from datetime import time
from hashlib import sha256
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from andock_core import audit
from andock_core.accounts import sessions
from andock_core.accounts.errors import Unusable, WrongPassword
from andock_core.accounts.members import MemberInfo
from andock_core.accounts.passwords import check_policy, hash_password, matches
from andock_core.accounts.pictures import media_type
from andock_core.storage import Member, Scope, Storage

LONGEST_NAME = 200
SCHEMES = ("", "light", "dark")
WEEKDAYS = (1, 6, 7)
"""ISO weekdays that a week begins with somewhere: Monday, Saturday, Sunday."""
_TIME = re.compile(r"\d\d:\d\d")


@dataclass(frozen=True)
class Habits:
    """How the member wants pages to be. `zone` an IANA name, `work_start` and `work_end` "08:00",
    `week_start` an ISO weekday, `scheme` one of SCHEMES, `shortcuts` whether single keys act."""

    name: str
    zone: str
    week_start: int
    work_start: str
    work_end: str
    scheme: str
    shortcuts: bool


@dataclass(frozen=True)
class Picture:
    """A profile picture as it is delivered."""

    data: bytes
    media_type: str
    mark: str


def problems(habits: Habits) -> dict[str, str]:
    """What cannot be kept, as message keys by field; empty when all can."""
    found = {}
    if not habits.name.strip() or len(habits.name.strip()) > LONGEST_NAME:
        found["name"] = "name.unusable"
    if not is_zone(habits.zone):
        found["zone"] = "zone.unknown"
    if habits.week_start not in WEEKDAYS:
        found["week_start"] = "week.unusable"
    if habits.scheme not in SCHEMES:
        found["scheme"] = "scheme.unusable"
    if not _is_time(habits.work_start) or not _is_time(habits.work_end):
        found["work"] = "hours.unusable"
    elif habits.work_start >= habits.work_end:
        found["work"] = "hours.backwards"
    return found


def save(storage: Storage, member: MemberInfo, habits: Habits) -> None:
    """Keep them. Raises Unusable, with the first problem's key."""
    wrong = problems(habits)
    if wrong:
        raise Unusable(next(iter(wrong.values())))
    with storage.write(member.scope) as session:
        row = session.get_one(Member, member.id)
        row.name, row.zone = habits.name.strip(), habits.zone
        row.week_start, row.scheme = habits.week_start, habits.scheme
        row.work_start, row.work_end = habits.work_start, habits.work_end
        row.shortcuts = habits.shortcuts


def is_zone(name: str) -> bool:
    """Whether this machine knows a zone of that IANA name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


def set_picture(storage: Storage, member: MemberInfo, data: bytes) -> None:
    """Keep a picture. Raises BadPicture, with its key, when it is none or too large."""
    kind = media_type(data)  # before the transaction: it may take a moment
    with storage.write(member.scope) as session:
        row = session.get_one(Member, member.id)
        row.picture, row.picture_type = data, kind
        row.picture_mark = sha256(data).hexdigest()[:12]


def remove_picture(storage: Storage, member: MemberInfo) -> None:
    """Back to the initials."""
    with storage.write(member.scope) as session:
        row = session.get_one(Member, member.id)
        row.picture, row.picture_type, row.picture_mark = None, "", ""


def picture(storage: Storage, scope: Scope, member_id: str) -> Picture | None:
    """The picture of a member of the scope's tenant; None when there is none to see."""
    with storage.read(scope) as session:
        row = session.execute(
            select(Member.picture, Member.picture_type, Member.picture_mark).where(
                Member.id == member_id, Member.tenant_id == scope.tenant_id, Member.active
            )
        ).one_or_none()
    if row is None or row[0] is None:
        return None
    return Picture(data=row[0], media_type=row[1], mark=row[2])


def change_password(storage: Storage, member: MemberInfo, present: str, new: str) -> int:
    """Set a new password; the member's new session epoch, with which all sessions but those that
    are begun anew have ended. Raises WrongPassword, PasswordTooShort, PasswordTooLong."""
    with storage.read(member.scope) as session:
        stored = session.get_one(Member, member.id).password_hash
    if not matches(stored, present):
        raise WrongPassword("the present password is another one")
    check_policy(new)
    hashed = hash_password(new)  # takes long on purpose: outside of any transaction
    with storage.write(member.scope) as session:
        row = session.get_one(Member, member.id)
        if row.password_hash != stored:
            raise WrongPassword("changed meanwhile")
        row.password_hash = hashed
        sessions.end_all(session, row)
        audit.record(
            *(session, member.tenant_id, "password.changed"),
            actor_id=member.id,
            subject_id=member.id,
        )
        return row.session_epoch


def _is_time(text: str) -> bool:
    if not _TIME.fullmatch(text):
        return False
    try:
        time.fromisoformat(text)
    except ValueError:
        return False
    return True
