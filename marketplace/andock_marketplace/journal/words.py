"""The journal's words: fields, reasons, how a run went, what became of taking back. Lazy."""

from flask_babel import LazyString, gettext as _, lazy_gettext as _l

from andock_core.journal.runs import RunRow

FIELDS: dict[str, LazyString] = {
    "when": _l("Date and time"),
    "subject": _l("Title"),
    "body": _l("Notes"),
    "location": _l("Place"),
    "busy": _l("Shown as"),
    "sensitivity": _l("Sensitivity"),
    "categories": _l("Categories"),
    "reminder_minutes": _l("Reminder"),
    "recurrence": _l("Repetition"),
    "attendees": _l("Attendees"),
    "display_name": _l("Name"),
    "title": _l("Form of address"),
    "given": _l("First name"),
    "middle": _l("Middle name"),
    "surname": _l("Surname"),
    "suffix": _l("Name suffix"),
    "nickname": _l("Nickname"),
    "company": _l("Company"),
    "department": _l("Department"),
    "job_title": _l("Position"),
    "birthday": _l("Birthday"),
    "website": _l("Website"),
    "notes": _l("Notes"),
    "photo": _l("Photo"),
    "due_day": _l("Due on"),
    "due_time": _l("Due at"),
    "done": _l("Ticked off"),
}
BUSY: dict[str, LazyString] = {
    "free": _l("free"),
    "tentative": _l("tentative"),
    "busy": _l("busy"),
    "away": _l("away"),
    "elsewhere": _l("working elsewhere"),
}
SENSITIVITY: dict[str, LazyString] = {
    "normal": _l("normal"),
    "personal": _l("personal"),
    "private": _l("private"),
    "confidential": _l("confidential"),
}
REASONS: dict[str, LazyString] = {
    "new there": _l("New on the other side."),
    "new here": _l("New in Andock."),
    "changed there": _l("Changed on the other side."),
    "changed here": _l("Changed in Andock."),
    "changed on both sides": _l("Changed on both sides."),
    "found on both sides": _l("Found on both sides and brought together."),
    "deleted there": _l("Deleted on the other side."),
    "deleted here": _l("Deleted in Andock."),
    "edit beats delete": _l(
        "Deleted on one side and changed on the other: the change was kept, so it came back."
    ),
    "marked private there": _l("Marked private on the other side, so it came back as a block."),
    "read-only here": _l("It cannot be changed from Andock, so it came back."),
    "recovered": _l("Finished after an interruption."),
    "restored": _l("Brought back because you decided so."),
    "taken back": _l("Taken back by you."),
}
ACTIONS: dict[str, LazyString] = {
    "create": _l("New"),
    "update": _l("Changed"),
    "merge": _l("Merged"),
    "delete": _l("Deleted"),
    "aside": _l("Set aside"),
}
TRIGGERS: dict[str, LazyString] = {
    "first": _l("first synchronisation"),
    "manual": _l("started by you"),
    "schedule": _l("as scheduled"),
    "undo": _l("taken back by you"),
}
SKIPPED: dict[str, LazyString] = {
    "changed": _l("It changed since. What is there now stays."),
    "as it was": _l("It is as it was before already."),
    "gone": _l("It is no longer there."),
    "block": _l("A private block cannot be changed from Andock. Change it where it came from."),
    "organised": _l("Someone else organises this meeting. Only they can change it."),
    "back": _l("It is back already."),
    "let go": _l("This calendar or folder is no longer synchronised."),
    "one way": _l("This connection writes in one direction only, so both sides cannot go back."),
    "cannot": _l("This cannot be taken back from here."),
}
WAYS: dict[str, LazyString] = {
    "edit": _l("The fields go back on both sides."),
    "ignore": _l(
        "It leaves Andock and stays on the other side. Andock brings it again if it changes there."
    ),
    "rest": _l(
        "It leaves the other side and stays in Andock. It goes there again if you change it."
    ),
    "remove": _l("It is deleted on both sides."),
    "revive": _l("It comes back on both sides."),
    "plan": _l("It comes back into the calendar."),
    "unrest": _l("It goes to the other side again."),
    "import": _l("It comes into Andock again."),
}
LOST: dict[str, LazyString] = {
    "gone": _l("The entry is no longer there, so nothing can be chosen any more."),
    "block": _l("It is a private block by now, which cannot be changed from Andock."),
    "organised": _l("Someone else organises this meeting by now. Only they can change it."),
    "let go": _l("This calendar or folder is no longer synchronised."),
    "cannot": _l("This value can no longer be used."),
}


def reason(key: str) -> str:
    """Why a change was made; empty when nobody knows."""
    return str(REASONS.get(key, ""))


def skipped(key: str) -> str:
    """Why something was not taken back."""
    return str(SKIPPED.get(key) or SKIPPED["cannot"])


def way(key: str) -> str:
    """What taking back does."""
    return str(WAYS.get(key, ""))


def not_chosen(key: str) -> str:
    """Why a conflict can no longer be decided."""
    return str(LOST.get(key) or LOST["cannot"])


def trigger(key: str) -> str:
    """What started a run."""
    return str(TRIGGERS.get(key) or TRIGGERS["schedule"])


def state(run: RunRow) -> tuple[str, str, str]:
    """How a run stands: the chip's colour, word and icon."""
    if run.state == "running":
        return "brand", _("Under way"), "refresh-cw"
    if run.state == "held":
        return "mind", _("Held"), "pause"
    if run.state == "failed":
        return "stop", _("Failed"), ""
    if run.state == "abandoned":
        return "mind", _("Interrupted"), ""
    return "go", _("Finished"), ""
