"""The words of the audit log: what each key means, and its facts."""

from collections.abc import Callable

from flask_babel import LazyString, gettext as _, lazy_gettext as _l, ngettext

from andock_core.audit import OPERATOR
from andock_core.audit.reading import Line

ACTIONS: dict[str, LazyString] = {
    "session.began": _l("Signed in"),
    "session.refused": _l("Failed to sign in"),
    "session.ended": _l("Session ended"),
    "password.changed": _l("Password changed"),
    "password.forgotten": _l("Link for a forgotten password asked for"),
    "password.link_made": _l("Link for a new password made"),
    "password.reset": _l("Password set anew"),
    "tenant.added": _l("Company added"),
    "tenant.began": _l("Company and first administrator made"),
    "member.added": _l("Member added"),
    "member.invited": _l("Member invited"),
    "invitation.taken_back": _l("Invitation taken back"),
    "member.joined": _l("Invitation accepted"),
    "member.role": _l("Role changed"),
    "member.deactivated": _l("Member deactivated"),
    "member.activated": _l("Member activated again"),
    "connection.added": _l("Connected"),
    "connection.reconnected": _l("Reconnected"),
    "connection.removed": _l("Disconnected"),
    "connection.paused": _l("Connection paused"),
    "connection.resumed": _l("Connection resumed"),
    "block.converted": _l("Private block made visible"),
    "block.reversed": _l("Appointment made private again"),
    "run.undone": _l("Changes of a synchronisation taken back"),
    "run.answered": _l("Held synchronisation answered"),
    "access.consented": _l("Further access agreed to"),
    "request.asked": _l("Integration asked for"),
    "request.approved": _l("Request approved"),
    "request.declined": _l("Request declined"),
    "request.withdrawn": _l("Request withdrawn"),
    "rule.changed": _l("Rule of an integration changed"),
    "rule.default": _l("Rule for new integrations changed"),
    "certificate.approved": _l("Certificate approved"),
    "certificate.declined": _l("Certificate declined"),
    "certificate.removed": _l("Certificate removed"),
    "authority.added": _l("Own authorities trusted"),
    "keys.rotated": _l("New key made"),
    "keys.dropped": _l("Old keys dropped"),
    "data.exported": _l("Data exported"),
    "data.imported": _l("Data imported"),
    "audit.exported": _l("Audit log exported"),
    "plugin.disabled": _l("Plugin switched off"),
    "plugin.enabled": _l("Plugin switched on"),
}
"""Every key that is recorded anywhere; a test looks for forgotten ones."""

GROUPS: dict[str, LazyString] = {
    "session": _l("Signing in"),
    "password": _l("Passwords"),
    "member": _l("Members"),
    "connection": _l("Connections"),
    "block": _l("Visibility"),
    "run": _l("Synchronisations"),
    "request": _l("Requests"),
    "rule": _l("Rules"),
    "certificate": _l("Certificates"),
    "keys": _l("Encryption keys"),
    "data": _l("Export and import"),
    "plugin": _l("Plugins"),
}


def action(key: str) -> str:
    """What was done."""
    return str(ACTIONS.get(key, key))


def actor(line: Line) -> str:
    """Who did it."""
    if line.actor_id == OPERATOR:
        return str(_("Operator (command line)"))
    if not line.actor_id:
        return str(_("Nobody signed in"))
    return line.actor or str(_("Former member"))


def subject(line: Line) -> str:
    """To whom it was done; "" when that is who did it, or nobody."""
    if not line.subject_id or line.subject_id == line.actor_id:
        return ""
    return line.subject or str(_("Former member"))


def details(line: Line) -> str:
    """The facts, in words; those without words of their own by their names."""
    found = []
    for name, value in line.facts.items():
        if value == "":
            continue
        say = _FACTS.get(name)
        found.append(str(say(value)) if say else f"{name}: {value}")
    return ", ".join(said for said in found if said)


def role(name: object) -> str:
    """A role in words."""
    return str(_("Administrator") if name == "admin" else _("Member"))


_WAITED: dict[object, LazyString] = {
    "here": _l("deletions in Andock"),
    "there": _l("deletions on the other side"),
    "mail": _l("e-mails to attendees"),
}
_ANSWERS: dict[object, LazyString] = {
    "delete": _l("delete"),
    "restore": _l("bring back"),
    "send": _l("send"),
    "take_back": _l("take back"),
}
_STATES: dict[object, LazyString] = {
    "on": _l("on"),
    "request": _l("on request"),
    "off": _l("off"),
}
_FACTS: dict[str, Callable[[object], object]] = {
    "role": lambda value: _("role: %(role)s", role=role(value)),
    "before": lambda value: _("before: %(role)s", role=role(value)),
    "address": lambda value: value,
    "server": lambda value: value,
    "domain": lambda value: value,
    "number": lambda value: _("number: %(number)s", number=value),
    "added": lambda value: _("further access: %(number)s", number=value),
    "named": lambda value: _("named: %(number)s", number=value),
    "records": lambda value: ngettext("%(num)d record", "%(num)d records", _int(value)),
    "changes": lambda value: ngettext("%(num)d change", "%(num)d changes", _int(value)),
    "connections": lambda value: ngettext("%(num)d connection", "%(num)d connections", _int(value)),
    "version": lambda value: _("version %(number)s", number=value),
    "waited": lambda value: _WAITED.get(value, value),
    "answer": lambda value: _ANSWERS.get(value, value),
    "everyone": lambda value: _("everyone: %(state)s", state=_STATES.get(value, value)),
    "admins": lambda value: _("administrators: %(state)s", state=_STATES.get(value, value)),
    "occurrence": lambda value: _("one date of a series") if value else "",
    "kept": lambda value: _("imported entries kept") if value else _("imported entries removed"),
    "active": lambda value: "" if value else _("the account is deactivated"),
}


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0
