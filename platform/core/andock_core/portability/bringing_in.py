"""Import: a company from an export, all or nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from andock_core import audit, clock
from andock_core.accounts.create import normal_email
from andock_core.accounts.passwords import hash_password
from andock_core.calendar import convert
from andock_core.calendar.entries import Entries
from andock_core.calendar.expand import CannotExpand
from andock_core.calendar.window import Window
from andock_core.contacts.sharing import share
from andock_core.contacts.store import Contacts
from andock_core.core import Core
from andock_core.portability.records import (
    ANY_RECORD,
    FORMAT,
    AuditRecord,
    CallRecord,
    ConnectionRecord,
    ContactRecord,
    EntryRecord,
    HeaderRecord,
    MemberRecord,
    NamedRuleRecord,
    Record,
    RequestRecord,
    RuleRecord,
    TaskRecord,
    TenantRecord,
)
from andock_core.storage import (
    SYSTEM,
    Call,
    IntegrationRequest,
    IntegrationRule,
    Member,
    NamedRule,
    Task,
    Tenant,
)
from andock_core.storage.types import new_id


class Refused(Exception):
    """The file cannot be brought in. The message names the line and says why; nothing was
    changed."""


@dataclass
class Brought:
    """What came in, by kind."""

    tenant_id: str = ""
    counts: dict[str, int] = field(default_factory=dict)


def bring_in(core: Core, lines: Iterable[str], slug: str = "") -> Brought:
    """Make a company from an export's lines, in one transaction. `slug`: another short name.

    Members keep their addresses and roles; nobody signs in before a new password is set. Raises
    Refused.
    """
    brought = Brought()
    try:
        with core.storage.write(SYSTEM) as session:
            hand = _Hand(core, session, brought, slug)
            number = 0
            for number, line in enumerate(lines, start=1):
                hand.take(number, _record(number, line))
            if not brought.tenant_id:
                raise Refused(f"after {number} lines: there is no company in this file")
            hand.share_contacts()
            audit.record(
                *(session, brought.tenant_id, "data.imported"),
                actor_id=audit.OPERATOR,
                records=number,
            )
    except IntegrityError as error:
        raise Refused("an e-mail address or an id of the file is in use here already") from error
    return brought


def _record(number: int, line: str) -> Record:
    try:
        return ANY_RECORD.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Refused(f"line {number}: {where or 'record'}: {first['msg']}") from None


class _Hand:
    """Puts one record after the other in."""

    def __init__(self, core: Core, session: Session, brought: Brought, slug: str) -> None:
        self._core = core
        self._session = session
        self._brought = brought
        self._slug = slug
        self._members: dict[str, str] = {}
        self._contacts: dict[str, str] = {}
        self._shares: list[tuple[str, str, tuple[str, ...]]] = []
        self._window = Window.around(clock.now())
        self._nobodys = hash_password(new_id() + new_id())

    def take(self, number: int, record: Record) -> None:
        """One record. Raises Refused."""
        if (number == 1) != isinstance(record, HeaderRecord):
            raise Refused(f"line {number}: an export begins with its header, and has only one")
        if isinstance(record, HeaderRecord):
            if record.format != FORMAT:
                raise Refused(f"this is format {record.format}; this version reads {FORMAT}")
            return
        if not isinstance(record, TenantRecord) and not self._brought.tenant_id:
            raise Refused(f"line {number}: the company comes first")
        try:
            self._put(record)
        except (KeyError, CannotExpand, convert.NoSuchOccurrence) as error:
            raise Refused(f"line {number}: {record.kind} cannot be kept ({error})") from error
        if isinstance(record, ConnectionRecord | AuditRecord):
            return
        counts = self._brought.counts
        counts[record.kind] = counts.get(record.kind, 0) + 1

    def share_contacts(self) -> None:
        """Once all members are there."""
        for owner, contact, readers in self._shares:
            known = [self._members[reader] for reader in readers if reader in self._members]
            share(self._session, owner, contact, known)

    def _put(self, record: Record) -> None:
        handlers: dict[type, Callable[..., None]] = {
            TenantRecord: self._tenant,
            MemberRecord: self._member,
            EntryRecord: self._entry,
            ContactRecord: self._contact,
            TaskRecord: self._task,
            CallRecord: self._call,
            ConnectionRecord: _for_people_to_read,
            AuditRecord: _for_people_to_read,
            RuleRecord: self._rule,
            NamedRuleRecord: self._named_rule,
            RequestRecord: self._request,
        }
        handlers[type(record)](record)

    def _tenant(self, record: TenantRecord) -> None:
        slug = self._slug or record.slug
        if self._brought.tenant_id:
            raise Refused("there are two companies in this file")
        if self._session.scalar(select(Tenant.id).where(Tenant.slug == slug)):
            raise Refused(f"there is a company {slug} already; choose another short name")
        tenant = Tenant(
            id=new_id(),
            slug=slug,
            name=record.name,
            language=record.language,
            zone=record.zone,
        )
        self._session.add(tenant)
        self._session.flush()
        self._brought.tenant_id = tenant.id

    def _member(self, record: MemberRecord) -> None:
        values = record.model_dump(exclude={"kind", "id", "email"})
        member = Member(
            id=new_id(),
            tenant_id=self._brought.tenant_id,
            email=normal_email(record.email),
            password_hash=self._nobodys,
            **values,
        )
        self._session.add(member)
        self._session.flush()
        self._members[record.id] = member.id

    def _entry(self, record: EntryRecord) -> None:
        entries = Entries(
            self._session,
            self._core.vault,
            self._brought.tenant_id,
            self._members[record.owner],
            self._window,
        )
        entry = entries.create(
            record.item,
            visibility=record.visibility,
            origin=record.origin,
            locked=record.locked,
        )
        entry.converted = record.converted
        self._session.flush()
        for original_start in record.shown:
            convert.show(
                self._session,
                entries,
                entry,
                expected_version=entry.version,
                original_start=original_start,
                agreed=True,
            )

    def _contact(self, record: ContactRecord) -> None:
        owner = self._members[record.owner]
        contacts = Contacts(self._session, self._brought.tenant_id, owner)
        row = contacts.create(record.item)
        self._contacts[record.id] = row.id
        if record.shared_with:
            self._shares.append((owner, row.id, record.shared_with))

    def _task(self, record: TaskRecord) -> None:
        values = record.model_dump(exclude={"kind", "id", "owner"})
        owner = self._members[record.owner]
        self._session.add(Task(tenant_id=self._brought.tenant_id, owner_id=owner, **values))

    def _call(self, record: CallRecord) -> None:
        values = record.model_dump(exclude={"kind", "id", "owner", "contact_id"})
        self._session.add(
            Call(
                tenant_id=self._brought.tenant_id,
                owner_id=self._members[record.owner],
                contact_id=self._contacts.get(record.contact_id or ""),
                **values,
            )
        )

    def _rule(self, record: RuleRecord) -> None:
        values = record.model_dump(exclude={"kind"})
        self._session.add(IntegrationRule(tenant_id=self._brought.tenant_id, **values))

    def _named_rule(self, record: NamedRuleRecord) -> None:
        values = record.model_dump(exclude={"kind", "owner"})
        member = self._members[record.owner]
        self._session.add(NamedRule(tenant_id=self._brought.tenant_id, member_id=member, **values))

    def _request(self, record: RequestRecord) -> None:
        values = record.model_dump(exclude={"kind", "owner", "decided_by"})
        self._session.add(
            IntegrationRequest(
                tenant_id=self._brought.tenant_id,
                member_id=self._members[record.owner],
                decided_by=self._members.get(record.decided_by or ""),
                **values,
            )
        )


def _for_people_to_read(_record: Record) -> None:
    """It stays in the file."""
