"""A doctor's report: what is handed on, as data and as plain text."""

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from andock_core.doctor.redaction import Redactor
from andock_sdk import Certificate, Step, Text

STATES = {
    "done": Text(en="fine", de="in Ordnung"),
    "failed": Text(en="failed", de="fehlgeschlagen"),
    "skipped": Text(en="not tried", de="nicht versucht"),
    "running": Text(en="under way", de="läuft"),
    "waiting": Text(en="not yet", de="noch nicht"),
}
_TRIED = Text(en="Tried", de="Versucht")
_FOUND = Text(en="Found", de="Gefunden")
_MEANS = Text(en="Means", de="Bedeutet")
_TO_DO = Text(en="To do", de="Zu tun")
_HEAD = Text(
    en="Report on a connection, made by Andock. It holds no password and nothing of what the "
    "calendar holds.",
    de="Bericht über eine Verbindung, erstellt von Andock. Er enthält kein Passwort und nichts "
    "von dem, was im Kalender steht.",
)


class Report(BaseModel):
    """What a diagnosis found. `error` is the key of the first thing that went wrong, `server` what
    was examined ("host:port"), `certificate` the one in question when it was not trusted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    made_at: datetime
    integration: str
    title: Text
    version: str = ""
    server: str = ""
    error: str = ""
    why: str = ""
    certificate: Certificate | None = None
    steps: tuple[Step, ...]

    @property
    def healthy(self) -> bool:
        """Whether nothing went wrong."""
        return not self.error

    def redacted(self, names: tuple[str, ...], *, with_names: bool) -> "Report":
        """Without names of people, unless they are wanted; without secrets in any case."""
        kept = self.model_dump(mode="json", exclude={"certificate"})
        clean = Redactor((), names).value(kept, names=not with_names)
        return Report.model_validate({**clean, "certificate": self.certificate})


def as_json(report: Report) -> dict[str, Any]:
    """The report as JSON, each text in both languages."""
    return report.model_dump(mode="json", exclude_none=True)


def as_text(report: Report, language: str) -> str:
    """The report as plain text in one language."""
    lines = [_HEAD.to(language), "", report.title.to(language)]
    if report.server:
        lines.append(report.server)
    lines += [f"{report.made_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC", ""]
    for number, step in enumerate(report.steps, 1):
        took = "" if step.milliseconds is None else f" ({step.milliseconds} ms)"
        state = STATES[step.state].to(language)
        lines.append(f"{number}. {step.title.to(language)}: {state}{took}")
        for label, text in (
            (_TRIED, step.tried),
            (_FOUND, step.detail),
            (_MEANS, step.means),
            (_TO_DO, step.advice),
        ):
            if text is not None:
                lines.append(f"   {label.to(language)}: {text.to(language)}")
    return "\n".join(lines) + "\n"
