"""What needs a hand across the company."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import g, render_template, url_for
from flask_babel import gettext as _, ngettext

from andock_core.clock import now
from andock_core.governance import repairs as mending
from andock_core.governance.repairs import Repair
from andock_marketplace.admin.area import listing_of, pages, title_of
from andock_marketplace.reasons.words import call_of, reason_of
from andock_marketplace.words import words_for
from andock_web import current, formats
from andock_web.lines import one_line


@dataclass(frozen=True)
class Shown:
    """A repair in words: what is wrong, what mends it, more to know, and where to do it."""

    severity: str
    title: str
    fix: str
    more: str
    people: tuple[str, ...]
    reason: str = ""
    href: str = ""
    act: str = ""


@pages.get("/repairs")
def repairs() -> str:
    """The most severe first."""
    return render_template("admin/repairs.html", repairs=[shown(one) for one in _found()])


def count() -> int:
    """How many there are; looked for once per page."""
    return len(_found())


def shown(one: Repair) -> Shown:
    """A repair in the reader's language."""
    return _WORDS[one.kind](one)


def _found() -> list[Repair]:
    if "repairs" not in g:
        g.repairs = mending.found(current.core(), current.scope())
    found: list[Repair] = g.repairs
    return found


def _reconnect(one: Repair) -> Shown:
    words = words_for(one.error, listing_of(one.integration))
    number = len(one.people)
    said = {"title": title_of(one.integration), "why": words.title}
    return Shown(
        severity=one.severity,
        title=ngettext(
            "%(title)s: %(num)d member has to reconnect. %(why)s",
            "%(title)s: %(num)d members have to reconnect. %(why)s",
            number,
            **said,
        ),
        fix=_("They sign in again. What they are told: %(advice)s", advice=words.advice),
        more=_(
            "Only the member can sign in again: open “My integrations”, choose the connection and "
            "“Reconnect”. The connection and its entries stay. If several members meet the same at "
            "once, look at the server first: the diagnosis of a connection says where it stops."
        ),
        people=one.people,
        href=url_for("admin.connections", integration=one.integration, state="attention"),
        act=_("Show the connections"),
    )


def _access(one: Repair) -> Shown:
    said = {"title": title_of(one.integration)}
    return Shown(
        severity=one.severity,
        title=_("%(title)s asks for new access.", **said),
        fix=_("Its members decide: each sees what is new and agrees, or does not."),
        more=_(
            "The installed version asks for more than these members agreed to. Until they agree, "
            "their connections wait; nothing is lost. If your company does not want the new "
            "access, switch the integration off and tell whoever runs Andock."
        ),
        people=one.people,
        href=url_for("admin.integrations_one", slug=one.integration),
        act=_("Look at the access"),
    )


def _broken(one: Repair) -> Shown:
    return Shown(
        severity=one.severity,
        title=_("%(title)s does not work.", title=title_of(one.integration)),
        fix=_("Whoever runs Andock mends or updates it; the reason below is for them."),
        more=_(
            "A plugin that fails when it is loaded is left out, so that nothing else suffers. Its "
            "connections wait and go on by themselves once it works again. “andock plugins check” "
            "shows the operator what is wrong."
        ),
        people=one.people,
        reason=reason_of(one.reason),
    )


def _at_connections(one: Repair, title: str, fix: str, more: str) -> Shown:
    """A repair that is looked into where its connections are listed."""
    return Shown(
        severity=one.severity,
        title=title,
        fix=fix,
        more=more,
        people=one.people,
        href=url_for("admin.connections", integration=one.integration),
        act=_("Show the connections"),
    )


def _stays() -> str:
    said: str = _(
        "Connections keep their place and their settings while the integration is away. "
        "Nothing is deleted on either side."
    )
    return said


def _off(one: Repair) -> Shown:
    return _at_connections(
        one,
        title=_("Whoever runs Andock has switched %(title)s off.", title=title_of(one.integration)),
        fix=_("Nothing for you to mend: its connections wait. Ask them when it comes back."),
        more=_stays(),
    )


def _aside(one: Repair) -> Shown:
    return Shown(
        severity=one.severity,
        title=_("A part of %(title)s was set aside.", title=title_of(one.integration)),
        fix=_("Tell whoever runs Andock: once the plugin is mended, they let that part in again."),
        more=_(
            "What it does in the background broke or hung several times in a row, so that Andock "
            "does not call it any more. Your members' connections synchronise as before. After a "
            "day Andock tries again by itself."
        ),
        people=one.people,
        reason="; ".join(f"{call_of(call)}: {words_for(error).title}" for call, error in one.calls),
        href=url_for("admin.integrations_one", slug=one.integration),
        act=_("Look at the integration"),
    )


def _missing(one: Repair) -> Shown:
    return _at_connections(
        one,
        title=_("%(title)s is not installed any more.", title=one.integration),
        fix=_("Ask whoever runs Andock to install it again, or disconnect its connections."),
        more=_stays(),
    )


def _secret(one: Repair) -> Shown:
    said = {"title": title_of(one.integration), "when": _date(one)}
    return _at_connections(
        one,
        title=_("%(title)s: the access ended on %(when)s.", **said)
        if one.severity == "stop"
        else _("%(title)s: the access ends on %(when)s.", **said),
        fix=_("Renew the secret on the other side, then reconnect."),
        more=_(
            "Some secrets, such as an application's at Microsoft, end on a fixed day. Make a new "
            "one there before that day; reconnecting puts it to use without losing anything."
        ),
    )


def _registration(one: Repair) -> Shown:
    said = {"title": title_of(one.integration), "when": _date(one)}
    return Shown(
        severity=one.severity,
        title=_("%(title)s: Andock's own secret ended on %(when)s.", **said)
        if one.severity == "stop"
        else _("%(title)s: Andock's own secret ends on %(when)s.", **said),
        fix=_("Tell whoever runs Andock: they make a new one before that day."),
        more=_(
            "Andock shows this secret to the other side for all members. Once it has ended, no "
            "connection of this integration works until “andock plugins configure” has a new one. "
            "Nobody has to reconnect then."
        ),
        people=one.people,
        href=url_for("admin.integrations_one", slug=one.integration),
        act=_("Look at the integration"),
    )


def _certificate(one: Repair) -> Shown:
    said = {"name": one_line(one.subject), "when": _date(one)}
    return Shown(
        severity=one.severity,
        title=_("The certificate of %(name)s ended on %(when)s.", **said)
        if one.severity == "stop"
        else _("The certificate of %(name)s ends on %(when)s.", **said),
        fix=_("Have the server's certificate renewed, then approve or upload the new one."),
        more=_(
            "Andock trusts this certificate because an admin approved it. An ended one is refused. "
            "When a member's test meets the new certificate, they can ask you to approve it."
        ),
        people=one.people,
        href=url_for("admin_trust.show"),
        act=_("Open the certificates"),
    )


def _date(one: Repair) -> str:
    return formats.on_date(one.ends_at or now())


_WORDS: dict[str, Callable[[Repair], Shown]] = {
    "reconnect": _reconnect,
    "access": _access,
    "plugin_broken": _broken,
    "plugin_off": _off,
    "plugin_aside": _aside,
    "plugin_missing": _missing,
    "secret": _secret,
    "registration": _registration,
    "certificate": _certificate,
}
