"""Each integration with the company's decision about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from andock_core.governance import deciding
from andock_core.governance.deciding import Decided, Person
from andock_core.governance.rules import STATES, Rule, State
from andock_core.host import Listed
from andock_marketplace.admin.area import pages, state_words, title_of
from andock_sdk import Text
from andock_web import current
from andock_web.language import language
from andock_web.lines import one_line
from andock_web.redirects import redirect_to


@dataclass(frozen=True)
class Line:
    """An integration in the list. `broken`: it does not work, or is not installed any more."""

    slug: str
    title: str
    publisher: str
    broken: bool
    rule: Rule
    says: str
    connected: int


@pages.get("/integrations")
def integrations() -> str:
    """All integrations, and what holds for new ones."""
    found = _decided()
    lines = [_line(slug, found) for slug in found.rules]
    return render_template(
        "admin/integrations.html",
        lines=sorted(lines, key=lambda line: (line.broken, line.title.lower())),
        default=found.default,
        words=state_words(),
    )


@pages.post("/integrations/default")
def integrations_default() -> Response:
    """What holds for integrations that are installed from now on."""
    state = _state(request.form.get("default", ""))
    if state == "":
        abort(400)
    deciding.set_default(current.core(), current.scope(), state)
    flash(_("Saved. The integrations that are here already stay as they are."), "go")
    return redirect_to(url_for("admin.integrations"))


@pages.get("/integrations/<slug>")
def integrations_one(slug: str) -> str:
    """The rule for one integration, and the access that it asks for."""
    found = _decided()
    if slug not in found.rules:
        abort(404)
    listed = current.core().catalog.get(slug)
    rule = found.rules[slug]
    return render_template(
        "admin/integration.html",
        line=_line(slug, found),
        about=listed.listing if listed else None,
        rule=rule,
        named=[person for person in found.people if person.id in rule.named],
        others=[one for one in found.people if one.active and one.id not in rule.named],
        words=state_words(),
        to=_to,
    )


@pages.post("/integrations/<slug>")
def integrations_save(slug: str) -> Response:
    """Decide. A member added to the names is one more line of the same form."""
    found = _decided()
    if slug not in found.rules:
        abort(404)
    everyone = _state(request.form.get("everyone", ""))
    if everyone == "":
        abort(400)
    admins = _state(request.form.get("admins", ""))
    rule = Rule(everyone, admins, _named(found.people))
    changed = deciding.decide(current.core(), current.scope(), slug, rule)
    said = [_("Saved.")]
    if changed.stopped:
        said.append(_stopped(changed.stopped))
    if changed.resumed:
        said.append(_resumed(changed.resumed))
    flash(" ".join(said), "go")
    return redirect_to(url_for("admin.integrations_one", slug=slug))


def _named(people: tuple[Person, ...]) -> Mapping[str, State]:
    """The form's lines by member; one set to "as the others" is gone."""
    named: dict[str, State] = {}
    added = request.form.get("add", "")
    for person in people:
        field = "add-state" if person.id == added else f"named-{person.id}"
        state = _state(request.form.get(field, ""))
        if state != "":
            named[person.id] = state
    return named


def _decided() -> Decided:
    return deciding.decided(current.core(), current.scope())


def _line(slug: str, found: Decided) -> Line:
    listed: Listed | None = current.core().catalog.get(slug)
    about = listed.listing if listed else None
    rule = found.rules[slug]
    return Line(
        slug=slug,
        title=title_of(slug),
        publisher=one_line(about.publisher) if about else "",
        broken=about is None,
        rule=rule,
        says=summary(rule, found.people),
        connected=found.connected[slug],
    )


def summary(rule: Rule, people: tuple[Person, ...]) -> str:
    """The rule in words: "On for admins and Anna Krüger. On request for everyone else."."""
    words = state_words()
    usual = Rule(rule.everyone, rule.admins)
    parts = []
    for state in STATES:
        who = [_("admins")] if rule.admins == state != rule.everyone else []
        who += [
            one_line(one.name)
            for one in people
            if rule.named.get(one.id) == state != usual.state_for(one.id, one.role)
        ]
        if who:
            said = {"state": words[state], "who": _listed(who)}
            parts.append(_("%(state)s for %(who)s.", **said))
    rest = words[rule.everyone]
    if not parts:
        return str(_("%(state)s for everyone.", state=rest))
    return " ".join([*parts, _("%(state)s for everyone else.", state=rest)])


def _listed(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    first = ", ".join(names[:-1])
    return str(_("%(first)s and %(last)s", first=first, last=names[-1]))


def _stopped(number: int) -> str:
    return str(
        ngettext(
            "%(num)d connection pauses; its member is told.",
            "%(num)d connections pause; their members are told.",
            number,
        )
    )


def _resumed(number: int) -> str:
    return str(
        ngettext(
            "%(num)d connection goes on.",
            "%(num)d connections go on.",
            number,
        )
    )


def _state(text: str) -> State | Literal[""]:
    return next((state for state in STATES if state == text), "")


def _to(text: Text) -> str:
    return text.to(language())
