"""Who may ask what: every endpoint of the application stands here once, and every argument.

An endpoint that is missing fails the walk, so that nobody adds an address without saying whose it
is. What each kind means is proved by test_routes.py.
"""

from dataclasses import dataclass

from tests.support.memory_plugin import SLUG

PUBLIC = {
    *("shell.sign_in", "shell.try_sign_in", "shell.sign_out", "shell.choose_language"),
    *("operating.healthz", "operating.readyz", "operating.metrics"),
    *("joining.first_start", "joining.begin", "joining.forgotten", "joining.send_link"),
    "authorizing.authorized",
}
"""Open to everybody; they hold nobody's data."""

BY_SECRET = {
    *("helping.read", "helping.propose", "helping.choose_language"),
    *("joining.join", "joining.accept", "joining.password", "joining.set_password"),
    *("operator.show", "operator.save", "operator.check", "operator.check_part"),
    "hooks.call",
}
"""Open to whoever has the secret in the address, which nobody can guess."""

EVERYBODY = {
    "shell.index",
    *("calendar.show", "calendar.spans", "calendar.sync", "calendar.create", "calendar.bring_back"),
    *("calls.show", "calls.new", "calls.create", "calls.suggest", "calls.bring_back"),
    *("contacts.show", "contacts.results", "contacts.new", "contacts.create"),
    *("contacts.choose_file", "contacts.read_cards", "contacts.export_all"),
    *("tasks.show", "tasks.add", "tasks.bring_back"),
    *("marketplace.browse", "marketplace.results", "marketplace.mine", "marketplace.detail"),
    *("marketplace.icon", "marketplace.add", "marketplace.ask", "marketplace.take_back"),
    *("notices.show", "notices.read_all"),
    *("profile.show", "profile.save", "profile.change_password"),
    *("profile.set_picture", "profile.remove_picture", "profile.end_other_sessions"),
}
"""For every member: each sees and changes what is theirs, or sees what is nobody's own."""

COMPANY = {"calendar.entry", "contacts.card", "contacts.photo", "profile.picture"}
"""Things of one company: its members see what their owner lets them see, others nothing."""

OWN = {
    *("calendar.save", "calendar.delete", "calendar.move"),
    *("calendar.make_private", "calendar.make_visible", "calendar.sync_now"),
    *("calendar.planned.move_call", "calendar.planned.move_task"),
    *("calls.edit", "calls.save", "calls.delete", "calls.done", "calls.reopen"),
    *("connections.show", "connections.now", "connections.sync"),
    *("connections.ask_disconnect", "connections.disconnect"),
    *("connections.new_access", "connections.agree"),
    *("contacts.edit", "contacts.save", "contacts.delete", "contacts.restore", "contacts.share"),
    *("contacts.export_one", "contacts.preview", "contacts.take_over", "contacts.drop"),
    "contacts.not_read",
    *("doctor.show", "doctor.part", "doctor.start", "doctor.report", "doctor.ask_trust"),
    *("doctor.hand_on", "doctor.revoke", "doctor.put_aside"),
    *("journal.runs", "journal.run", "journal.line", "journal.ask", "journal.take_back"),
    *("journal.undoing", "journal.undoing_part", "journal.held_back", "journal.decide_held"),
    *("journal.resume", "journal.aside", "journal.try_again"),
    *("journal.conflicts", "journal.settle"),
    *("moving.show", "moving.begin", "moving.choice", "moving.choose", "moving.read"),
    *("moving.preview", "moving.preview_part", "moving.look", "moving.switch"),
    *("moving.take_back", "moving.end", "moving.cancel"),
    "notices.read",
    *("preferences.show", "preferences.save"),
    "profile.end_session",
    *("tasks.edit", "tasks.save", "tasks.delete", "tasks.done", "tasks.reopen"),
    *("wizard.access", "wizard.authorize", "wizard.search_part", "wizard.test"),
    *("wizard.test_part", "wizard.choice", "wizard.choice_part", "wizard.read_choices"),
    *("wizard.save", "wizard.let_go", "wizard.preview", "wizard.preview_part", "wizard.look"),
    *("wizard.confirm", "wizard.first_run", "wizard.first_run_part", "wizard.more_access"),
    "wizard.approval_part",
}
"""One member's things: to everybody else they are not there."""

ADMINS = {
    *("admin.connections", "admin.connections_ask", "admin.connections_end"),
    *("admin.integrations", "admin.integrations_default", "admin.integrations_one"),
    *("admin.integrations_save", "admin.repairs", "admin.requests", "admin.requests_answer"),
    *("administration.show", "administration.audit", "administration.audit_file"),
    *("administration.members", "administration.members_one", "administration.members_ask"),
    *("administration.members_invite", "administration.members_take_back"),
    *("administration.members_role", "administration.members_password"),
    *("administration.members_activate", "administration.members_deactivate"),
    "administration.members_end_sessions",
    *("admin_trust.show", "admin_trust.upload", "admin_trust.decide", "admin_trust.remove"),
    "developers.show",
}
"""For the admins of the company whose things they are: states and decisions, nobody's data."""

KINDS: dict[str, set[str]] = {
    "Open to everybody": PUBLIC,
    "Open to who has the secret in the address": BY_SECRET,
    "For every member": EVERYBODY,
    "For the members of one company": COMPANY,
    "For the owner": OWN,
    "For the admins of one company": ADMINS,
}

NO_TOKEN = {"helping.propose", "helping.choose_language", "hooks.call"}
"""What is changed without a CSRF token: no cookie lets one in there, the secret alone does."""

CALLING = {
    *("wizard.authorize", "wizard.read_choices", "wizard.save", "wizard.look", "wizard.confirm"),
    *("doctor.start", "connections.sync", "connections.agree", "calendar.sync_now"),
    *("journal.take_back", "journal.decide_held", "journal.resume", "journal.try_again"),
    *("moving.choose", "moving.read", "moving.look", "moving.switch", "moving.take_back"),
}
"""What makes Andock call a server in the member's name, so that one may not do it without end."""

UNKNOWN = "nobody-was-given-this-secret"


@dataclass(frozen=True)
class Values:
    """What stands for an argument: ids of Anna's rows in a table, or fixed words."""

    table: str = ""
    words: tuple[str, ...] = ()


ARGUMENTS: dict[str, Values] = {
    "account_link_id": Values("account_link"),
    "call_id": Values("call"),
    "certificate_id": Values("trusted_certificate"),
    "connection_id": Values("connection"),
    "contact_id": Values("contact"),
    "entry_id": Values("entry"),
    "import_id": Values("contact_import"),
    "invitation": Values(words=(UNKNOWN,)),
    "kind": Values(words=("json", "txt")),
    "line_id": Values("journal_line"),
    "link_id": Values("report_link"),
    "member_id": Values("member"),
    "notice_id": Values("notice"),
    "outcome": Values(words=("reached",)),
    "request_id": Values("integration_request"),
    "reset": Values(words=(UNKNOWN,)),
    "run_id": Values("run"),
    "secret": Values(words=(UNKNOWN,)),
    "session_id": Values("session"),
    "slug": Values(words=(SLUG,)),
    "task_id": Values("task"),
    "token": Values(words=(UNKNOWN,)),
}
"""What is put into addresses."""


def kind_of(endpoint: str) -> str:
    """Who an endpoint is for, "" when it is not known."""
    return next((name for name, endpoints in KINDS.items() if endpoint in endpoints), "")
