"""Trying what whoever runs Andock filled in, by the plugin's own check. It runs in a work-horse;
how it goes is kept beside the settings, for a page that looks on."""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from andock_core.host.calls import Hooks
from andock_core.host.context import PluginContext
from andock_core.jobs.queue import QueueDown
from andock_core.storage import SYSTEM, OperatorSettings
from andock_core.vault import Label
from andock_sdk import Step
from andock_sdk.errors import AndockError

if TYPE_CHECKING:
    from andock_core.core import Core

log = logging.getLogger("andock.authorizing")
UNDER_WAY = ("queued", "running")


@dataclass(frozen=True)
class Checked:
    """A check. `state`: queued, running, done or failed; `error`: a message key, "" when all is
    well."""

    state: str
    error: str
    steps: tuple[Step, ...]

    @property
    def under_way(self) -> bool:
        """Whether to look again."""
        return self.state in UNDER_WAY


def begin(core: "Core", slug: str) -> None:
    """Have the settings of an integration tried. Nothing happens where none were filled in.
    Raises QueueDown."""
    if _keep(core, slug, "queued", "", {}):
        try:
            core.queue.enqueue("interactive", "check_operator", slug)
        except QueueDown:
            _keep(core, slug, "failed", QueueDown.key, {})
            raise


def run(core: "Core", slug: str) -> None:
    """In a work-horse: carry the check out."""
    steps: dict[str, Step] = {}

    def report(step: Step) -> None:
        steps[step.key] = step
        _keep(core, slug, "running", "", steps)

    context = PluginContext(core, {}, log, slug=slug)
    try:
        told = Hooks(core).call(slug, "check_operator", context=context, report=report)
        error = told.error if told is not None else ""
    except AndockError as found:
        error = found.key
    _keep(core, slug, "failed" if error else "done", error, steps)


def broke_off(core: "Core", slug: str, error: str) -> None:
    """A check whose job ended before its time does not look as if it went on."""
    last = read(core, slug)
    if last is not None and last.under_way:
        _keep(core, slug, "failed", error, {step.key: step for step in last.steps})


def read(core: "Core", slug: str) -> Checked | None:
    """The last check, None before the first."""
    with core.storage.read(SYSTEM) as session:
        row = session.get(OperatorSettings, slug)
        kept = core.vault.open_json(_label(slug), row.checked) if row and row.checked else None
    if kept is None:
        return None
    return Checked(kept["state"], kept["error"], tuple(Step(**step) for step in kept["steps"]))


def _keep(core: "Core", slug: str, state: str, error: str, steps: dict[str, Step]) -> bool:
    found: dict[str, Any] = {
        "state": state,
        "error": error,
        "steps": [step.model_dump() for step in steps.values()],
    }
    with core.storage.write(SYSTEM) as session:
        row = session.get(OperatorSettings, slug)
        if row is not None:
            row.checked = core.vault.seal_json(_label(slug), found)
        return row is not None


def _label(slug: str) -> Label:
    return Label("", "", "operator_settings.checked", slug)
