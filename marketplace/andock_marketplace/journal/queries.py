"""What the journal's pages show."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request, url_for
from flask_babel import gettext as _

from andock_core.journal import conflicts, held, queries, runs
from andock_core.journal.conflicts import Conflict
from andock_core.journal.deeds import Deed
from andock_core.journal.differences import Row, rows
from andock_core.journal.lines import Line
from andock_core.journal.queries import Filter
from andock_core.journal.runs import Quiet, RunRow
from andock_marketplace.journal import values, words
from andock_sdk import Item
from andock_web import current
from andock_web.language import zone
from andock_web.lines import one_line

SHORT = 3
PER_RUN = 5


@dataclass(frozen=True)
class FieldView:
    """A field before and after, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class LineView:
    """A line in words. `way` is the arrow's direction, `gist` what it is about, `fields` what
    changed; `more` fields are left out."""

    line: Line
    title: str
    icon: str
    way: str
    action: str
    gist: str
    fields: tuple[FieldView, ...]
    more: int
    reason: str
    undo: str
    href: str

    @property
    def short(self) -> tuple[FieldView, ...]:
        """The first few fields."""
        return self.fields[:SHORT]


@dataclass(frozen=True)
class RunView:
    """A run with its first lines."""

    run: RunRow
    chip: tuple[str, str, str]
    trigger: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True)
class DeedView:
    """What becomes of a line when it is taken back."""

    line: LineView
    says: str
    back: tuple[FieldView, ...]
    kept: tuple[FieldView, ...]


@dataclass(frozen=True)
class ConflictView:
    """A conflict in words: each field with mine, theirs, and what is there now."""

    conflict: Conflict
    line: LineView
    title: str
    fields: tuple[tuple[str, str, str, str], ...]
    why_not: str


def wanted() -> Filter:
    """The filter that the address asks for; what makes no sense is left out."""
    given = request.args
    return Filter(
        collection_id=given.get("collection", "")[:32],
        side=given.get("side", "") if given.get("side") in ("here", "there") else "",
        action=given.get("action", "") if given.get("action") in words.ACTIONS else "",
        problems=given.get("problems") == "1",
        since=_day(given.get("from", "")),
        until=_day(given.get("to", ""), after=True),
        text=given.get("q", "")[:200].strip(),
    )


def run_rows(connection_id: str, title: str, older: str) -> tuple[list[RunView | Quiet], str]:
    """A page of runs with their first lines, and where the older ones begin."""
    core, scope = current.core(), current.scope()
    found = runs.page(core, scope, connection_id, older)
    shown: list[RunView | Quiet] = []
    for row in found.rows:
        if isinstance(row, Quiet):
            shown.append(row)
            continue
        some = queries.page(core, scope, connection_id, Filter(run_id=row.id), size=PER_RUN)
        shown.append(_run(row, tuple(line_view(line, title) for line in some.lines)))
    return shown, found.older


def run_view(connection_id: str, run_id: str) -> RunView:
    """One run, without its lines. Raises NotFound."""
    return _run(runs.one(current.core(), current.scope(), connection_id, run_id), ())


def line_rows(
    connection_id: str, title: str, narrowed: Filter, older: str
) -> tuple[list[LineView], queries.LinePage]:
    """A page of lines in words."""
    found = queries.page(current.core(), current.scope(), connection_id, narrowed, older)
    return [line_view(line, title) for line in found.lines], found


def line_view(line: Line, title: str) -> LineView:
    """A line in words; `title` is the other side's name."""
    item = line.item
    changed = line.before is not None and line.after is not None
    fields = tuple(_field(row, item) for row in rows(line.before, line.after)) if changed else ()
    return LineView(
        line=line,
        title=named(item),
        icon=_icon(line),
        way=f"{title} → Andock" if line.side == "here" else f"Andock → {title}",
        action=str(words.ACTIONS.get(line.action, "")),
        gist=values.gist(item),
        fields=fields,
        more=max(0, len(fields) - SHORT),
        reason=words.reason(line.reason),
        undo=_undo(line),
        href=url_for("journal.line", connection_id=line.connection_id, line_id=line.id),
    )


def all_fields(line: Line) -> list[FieldView]:
    """Everything that a line says, also of what came or went."""
    return [_field(row, line.item) for row in rows(line.before, line.after)]


def lost_fields(line: Line) -> list[tuple[str, str, str]]:
    """What gave way: label, value, whose."""
    mine, theirs = str(_("from Andock")), str(_("from the other side"))
    return [
        (
            values.label(loss.path),
            values.said(
                loss.path,
                True if loss.path.startswith("cancellations/") else loss.value,
                line.item,
            ),
            mine if loss.side == "here" else theirs,
        )
        for loss in line.lost
    ]


def deed_view(line: Line, deed: Deed, title: str) -> DeedView:
    """What becomes of a line, in words."""
    return DeedView(
        line=line_view(line, title),
        says=words.skipped(deed.reason) if deed.way == "skip" else words.way(deed.way),
        back=tuple(_field(row, line.item) for row in deed.back),
        kept=tuple(_field(row, line.item) for row in deed.kept),
    )


def conflict_views(connection_id: str, title: str, *, decided: bool) -> list[ConflictView]:
    """The conflicts in words."""
    found = conflicts.page(current.core(), current.scope(), connection_id, decided=decided)
    return [_conflict(each, title) for each in found]


def waiting_items(connection_id: str, what: str, after: str) -> held.WaitPage:
    """What waits, by kind of decision."""
    return held.page(current.core(), current.scope(), connection_id, what, after)  # type: ignore[arg-type]


def named(item: Item | None) -> str:
    """An item's title, or what stands for it."""
    name = one_line(getattr(item, "subject", "") or getattr(item, "display_name", ""))
    return name or one_line(getattr(item, "company", "")) or str(_("Without a title"))


def _run(row: RunRow, lines: tuple[LineView, ...]) -> RunView:
    return RunView(row, words.state(row), words.trigger(row.trigger), lines)


def _conflict(found: Conflict, title: str) -> ConflictView:
    item = found.line.item
    fields = tuple(
        (
            values.label(field.path),
            values.said(field.path, field.mine, item),
            values.said(field.path, field.theirs, item),
            values.said(field.path, field.now, item),
        )
        for field in found.fields
    )
    why_not = words.not_chosen(found.why_not) if found.why_not else ""
    return ConflictView(found, line_view(found.line, title), named(item), fields, why_not)


def _field(row: Row, item: Item | None) -> FieldView:
    return FieldView(values.label(row.path), *values.pair(row, item))


def _undo(line: Line) -> str:
    if line.undo == "wanted":
        return str(_("Is being taken back"))
    if line.undo == "done":
        return str(_("Taken back"))
    if line.undo == "partly":
        return str(_("Taken back in part"))
    return f"{_('Not taken back')}: {words.skipped(line.undo_reason)}" if line.undo else ""


def _icon(line: Line) -> str:
    if line.action == "merge":
        return "git-merge"
    if line.action == "delete":
        return "trash-2"
    icons = {
        "contact": "contact-round",
        "task": "list-checks",
        "todo": "list-checks",
        "call": "phone",
    }
    if line.local_kind in icons:
        return icons[line.local_kind]
    return "eye-off" if line.kind == "block" else "calendar-days"


def _day(text: str, *, after: bool = False) -> datetime | None:
    """The beginning of a day in the reader's zone, or of the day after it."""
    try:
        moment = datetime.fromisoformat(text).replace(hour=0, minute=0, tzinfo=zone())
    except ValueError:
        return None
    return moment + timedelta(days=1) if after else moment
