"""Appointments in few words, and a tenant with its people."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from andock_core.accounts import MemberInfo
from andock_core.accounts.members import describe
from andock_core.calendar.entries import Entries
from andock_core.calendar.window import Window
from andock_core.storage import SYSTEM, Member, Storage, Tenant
from andock_core.storage.tables import MemberSession
from andock_core.vault import Vault
from andock_sdk import Appointment, Slot

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
WINDOW = Window.around(NOW)


def at(text: str, hours: float = 1, zone: str = BERLIN) -> Slot:
    """A timed slot: at("2026-11-24 09:00") lasts an hour in Berlin."""
    start = datetime.fromisoformat(text)
    end = start + timedelta(hours=hours)
    return Slot(
        start=start.isoformat(timespec="seconds"),
        end=end.isoformat(timespec="seconds"),
        start_zone=zone,
        end_zone=zone,
    )


def days(first: str, last: str) -> Slot:
    """An all-day slot, its end exclusive."""
    return Slot(start=first, end=last, all_day=True)


def appointment(when: Slot, recurrence: str = "", **rest: Any) -> Appointment:
    """An appointment called Standup unless said otherwise."""
    fields: dict[str, Any] = {"when": when, "recurrence": recurrence, "subject": "Standup"}
    return Appointment(**(fields | rest))


@dataclass(frozen=True)
class Office:
    """A database with Anna and Ben of one tenant, and Zoe of another."""

    storage: Storage
    vault: Vault
    anna: MemberInfo
    ben: MemberInfo
    zoe: MemberInfo

    def entries(self, session: Session, who: MemberInfo) -> Entries:
        return Entries(session, self.vault, who.tenant_id, who.id, WINDOW)

    def add(self, who: MemberInfo, item: Appointment, **how: Any) -> str:
        """Put an entry into somebody's calendar, a remote block unless said otherwise; its id."""
        with self.storage.write(who.scope) as session:
            settings = {"visibility": "block", "origin": "remote"} | how
            return str(self.entries(session, who).create(item, **settings).id)


def open_office(storage: Storage, vault: Vault) -> Office:
    """Fill an empty, migrated database. Everybody has a session of their own id."""
    with storage.write(SYSTEM) as session:
        people = {}
        for tenant_id, names in (("t1", ("Anna Krüger", "Ben Lorenz")), ("t2", ("Zoe Alt",))):
            tenant = Tenant(id=tenant_id, slug=tenant_id, name=f"Tenant {tenant_id}")
            tenant.language, tenant.zone = "de", BERLIN
            session.add(tenant)
            session.flush()
            for name in names:
                first = name.split()[0].lower()
                member = Member(id=first, tenant_id=tenant_id, email=f"{first}@{tenant_id}.example")
                member.name, member.password_hash, member.role = name, "", "member"
                member.language, member.zone, member.session_epoch = "", "", 0
                member.active = True
                session.add(member)
                session.flush()
                session.add(MemberSession(id=first, tenant_id=tenant_id, member_id=first))
                people[first] = describe(member, tenant)
    return Office(storage, vault, **people)
