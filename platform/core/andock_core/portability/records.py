"""The export's format: JSON lines, a header first, then one record a line.

It holds what people wrote, in the clear: whoever has the file can read it. It holds no password,
no access to other systems, and nothing of the sync's own books: a connection is made anew, and
then recognises what it finds on both sides.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from andock_core.governance.rules import State
from andock_sdk import Appointment, Contact

FORMAT = 1


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")


class HeaderRecord(_Record):
    """The first line. `only`: the one member whose data this is; empty: the whole company."""

    kind: Literal["andock-export"] = "andock-export"
    format: int = FORMAT
    made_at: datetime
    only: str = ""


class TenantRecord(_Record):
    """The company."""

    kind: Literal["tenant"] = "tenant"
    slug: str
    name: str
    language: str
    zone: str


class MemberRecord(_Record):
    """A member. They get a new password where they are brought in."""

    kind: Literal["member"] = "member"
    id: str
    email: str
    name: str
    role: Literal["member", "admin"]
    active: bool
    language: str
    zone: str
    week_start: int
    work_start: str
    work_end: str
    scheme: str
    shortcuts: bool


class EntryRecord(_Record):
    """A calendar entry of a member. `shown` are single dates of a private series that are
    visible, by their original start."""

    kind: Literal["entry"] = "entry"
    id: str
    owner: str
    visibility: Literal["appointment", "block"]
    origin: Literal["andock", "remote"]
    converted: bool
    locked: bool
    item: Appointment
    shown: tuple[str, ...] = ()


class ContactRecord(_Record):
    """A contact with its photo. `shared_with` are members' ids."""

    kind: Literal["contact"] = "contact"
    id: str
    owner: str
    item: Contact
    shared_with: tuple[str, ...] = ()


class TaskRecord(_Record):
    """A task."""

    kind: Literal["task"] = "task"
    id: str
    owner: str
    title: str
    notes: str
    due_day: str
    due_time: str
    zone: str
    done_at: datetime | None
    planned: bool


class CallRecord(_Record):
    """A call."""

    kind: Literal["call"] = "call"
    id: str
    owner: str
    whom: str
    number: str
    contact_id: str | None
    start_at: datetime | None
    minutes: int
    notes: str
    outcome: str
    done_at: datetime | None
    planned: bool


class ConnectionRecord(_Record):
    """That there was a connection, for people to know. It is not brought in."""

    kind: Literal["connection"] = "connection"
    owner: str
    integration: str
    account: str
    since: datetime


class RuleRecord(_Record):
    """Who in the company may add an integration. `integration` empty: the default for new ones.
    `admins` empty: as for everyone."""

    kind: Literal["rule"] = "rule"
    integration: str
    everyone: State
    admins: State | Literal[""]


class NamedRuleRecord(_Record):
    """What one member may, whatever the rule for the others says."""

    kind: Literal["named_rule"] = "named_rule"
    owner: str
    integration: str
    state: State


class RequestRecord(_Record):
    """A member asked for an integration: their word, the answer, who gave it."""

    kind: Literal["request"] = "request"
    owner: str
    integration: str
    state: Literal["asked", "approved", "declined", "withdrawn"]
    why: str
    word: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None


class AuditRecord(_Record):
    """A line of the audit log, for people to read. It is not brought in: another installation's
    log holds only what happened there. `actor` and `subject` are members' ids; "operator" is the
    command line."""

    kind: Literal["audit"] = "audit"
    at: datetime
    action: str
    actor: str
    subject: str
    integration: str
    facts: dict[str, Any]


Record = Annotated[
    HeaderRecord
    | TenantRecord
    | MemberRecord
    | EntryRecord
    | ContactRecord
    | TaskRecord
    | CallRecord
    | ConnectionRecord
    | RuleRecord
    | NamedRuleRecord
    | RequestRecord
    | AuditRecord,
    Field(discriminator="kind"),
]
ANY_RECORD: TypeAdapter[Record] = TypeAdapter(Record)
