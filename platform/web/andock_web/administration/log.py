"""The audit log: a page with filters, and the same as a file."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Response as FlaskResponse, render_template, request, stream_with_context
from werkzeug.wrappers import Response

from andock_core import audit
from andock_core.audit import reading
from andock_core.clock import now
from andock_web import current
from andock_web.administration import table, words
from andock_web.administration.area import pages
from andock_web.language import language, zone

FILE = "andock-audit-{day}.csv"


@dataclass(frozen=True)
class Asked:
    """What the form says: the filter, and its fields as they go back into addresses."""

    filter: reading.Filter
    fields: dict[str, str]


@pages.get("/audit", endpoint="audit")
def audit_page() -> str:
    """Who did what, newest first."""
    core, scope, asked = current.core(), current.scope(), _asked()
    found = reading.page(core.storage, scope, asked.filter, request.args.get("after", ""))
    people, actions, integrations = reading.choices(core.storage, scope)
    return render_template(
        "administration/audit.html",
        page=found,
        fields=asked.fields,
        narrowed=any(asked.fields.values()),
        people=people,
        groups=_groups(actions),
        titles={slug: _title(slug) for slug in integrations},
        kept=core.settings.audit_days,
        words=words,
        operator=audit.OPERATOR,
        nobody=reading.NOBODY,
    )


@pages.get("/audit.csv")
def audit_file() -> Response:
    """What the filter chooses, as a file. That it was taken is written down too."""
    core, scope, asked = current.core(), current.scope(), _asked()
    with core.storage.write(scope) as session:
        audit.record(session, scope.tenant_id, "audit.exported", actor_id=scope.member_id)
    lines = reading.all_of(core.storage, scope, asked.filter)
    answer = FlaskResponse(
        stream_with_context(table.rows(lines, language())), content_type="text/csv; charset=utf-8"
    )
    name = FILE.format(day=f"{now():%Y-%m-%d}")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _asked() -> Asked:
    names = ("who", "action", "integration", "from", "to")
    fields = {name: request.args.get(name, "")[:80] for name in names}
    since, until = _day(fields["from"]), _day(fields["to"])
    wanted = reading.Filter(
        who=fields["who"],
        action=fields["action"],
        integration=fields["integration"],
        since=_begin(since) if since else None,
        until=_begin(until + timedelta(days=1)) if until else None,
    )
    return Asked(wanted, fields)


def _day(text: str) -> date | None:
    """A day of the form; None for what is none, and for years that no zone reaches."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year < 9999 else None


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), zone())


def _groups(present: list[str]) -> list[tuple[str, str]]:
    """The kinds of deeds to choose from: those that the log has."""
    kinds = dict.fromkeys(key.partition(".")[0] for key in present)
    known = [(key, str(label)) for key, label in words.GROUPS.items() if key in kinds]
    single = [
        (key, words.action(key)) for key in present if key.partition(".")[0] not in words.GROUPS
    ]
    return [*known, *single]


def _title(slug: str) -> str:
    """The integration's name, for as long as it is installed."""
    listed = current.core().catalog.get(slug)
    if listed is None or listed.listing is None:
        return slug
    return str(listed.listing.title.to(language()))
