"""What the doctor's pages show."""

import itertools
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from andock_core.connections.status import AttemptStatus
from andock_core.doctor.report import Report
from andock_core.trust import service as trust
from andock_core.trust.service import Shown
from andock_marketplace.words import words_for
from andock_sdk import Certificate, Listing, Step, Text
from andock_sdk.diagnosis import FINE
from andock_web import current, formats
from andock_web.language import language
from andock_web.lines import one_line
from andock_web.messages import Words

LONGEST = 1000
"""Characters of what is said of one step."""


@dataclass(frozen=True)
class Line:
    """A step as a page shows it."""

    key: str
    title: str
    state: str
    time: str
    tried: str
    found: str
    means: str
    advice: str


@dataclass(frozen=True)
class Seen:
    """A certificate that was not trusted, and what became of it. `state`: "" when nobody asked."""

    shown: Shown
    state: str
    word: str

    @property
    def may_ask(self) -> bool:
        """Whether asking the admin makes sense."""
        return self.shown.askable and self.state in ("", "declined")


def lines(steps: tuple[Step, ...]) -> list[Line]:
    """The steps in the reader's language. Why steps were left out is said once in a row."""
    found = [_line(step) for step in steps]
    for before, line in itertools.pairwise(list(found)):
        if line.state == before.state == "skipped" and line.means == before.means:
            found[found.index(line)] = replace(line, means="")
    return found


def _line(step: Step) -> Line:
    """Of a step that simply went well, what it found says more than that it did."""
    plain = step.means == FINE and step.detail is not None
    return Line(
        key=step.key,
        title=one_line(step.title.to(language())),
        state=step.state,
        time="" if step.milliseconds is None else formats.milliseconds(step.milliseconds),
        tried=_say(step.tried),
        found="" if plain else _say(step.detail),
        means=_say(step.detail if plain else step.means),
        advice=_say(step.advice),
    )


def _say(text: Text | None) -> str:
    return one_line(text.to(language()), LONGEST) if text else ""


def seen(attempt: AttemptStatus | None) -> Seen | None:
    """The certificate that an attempt failed on, None when it did not."""
    if attempt is None or attempt.shown is None:
        return None
    state, word = trust.state_of(current.core(), current.scope(), attempt.shown)
    return Seen(attempt.shown, state, word)


def problem(attempt: AttemptStatus, listing: Listing | None) -> Words | None:
    """What is wrong, None when all is well."""
    key = attempt.error or attempt.found
    return words_for(key, listing) if key else None


def words_of(report: Report) -> Words | None:
    """What a handed-on report says is wrong, None when all is well."""
    listed = current.core().catalog.get(report.integration)
    return words_for(report.error, listed.listing if listed else None) if report.error else None


def grouped(fingerprint: str) -> str:
    """A fingerprint as people compare it: pairs of digits in upper case, eight pairs a group."""
    pairs = [fingerprint[at : at + 2].upper() for at in range(0, len(fingerprint), 2)]
    return " ".join(":".join(pairs[at : at + 8]) for at in range(0, len(pairs), 8))


def facts(certificate: Certificate) -> list[tuple[str, str]]:
    """What a page says of a certificate, in order: label and value."""
    names = ", ".join(certificate.names) or "–"
    until = formats.on_date(certificate.ends)
    since = formats.on_date(certificate.begins)
    return [
        (_("Issued to"), one_line(certificate.subject)),
        (_("Issued by"), one_line(certificate.issuer)),
        (_("For the names"), one_line(names)),
        (_("Valid"), _("%(since)s to %(until)s", since=since, until=until)),
        (_("Fingerprint (SHA-256)"), grouped(certificate.fingerprint)),
    ]
