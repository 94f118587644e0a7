"""One attempt under way, and how its plugin is asked."""

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from andock_core.connections.away import Away
from andock_core.connections.ties import Tie
from andock_core.storage import Scope
from andock_sdk import Answers, Grant, Step
from andock_sdk.errors import PluginBug

if TYPE_CHECKING:
    from andock_core.core import Core
    from andock_core.host.context import PluginContext

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass
class Work:
    """One attempt under way. `answers` still holds the password, in memory only.

    `fates` is what the member decided about what is let go, see `letting_go`; `away` what concerns
    signing in at another site. `outcome` is stored, sealed, when the attempt ends, in the state
    `ends` when nothing went wrong.
    """

    id: str
    connection_id: str
    scope: Scope
    kind: str
    slug: str
    answers: Answers = field(repr=False)
    fates: dict[str, str] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)
    outcome: dict[str, Any] = field(default_factory=dict)
    away: Away = field(default_factory=Away)
    ends: str = "done"


def surroundings(
    core: "Core", work: Work, notebook: dict[str, Any], kept: Grant | None = None
) -> "PluginContext":
    """The plugin's surroundings; `kept`: the connection's own grant, where that is used."""
    from andock_core.host.context import PluginContext

    return PluginContext(
        core,
        notebook,
        log,
        tenant_id=work.scope.tenant_id,
        slug=work.slug,
        facts=kept.facts if kept else None,
        tie=Tie(core, work.scope, work.connection_id, work.slug, kept) if kept else None,
    )


def ask(
    core: "Core", work: Work, hook: str, kind: type[T], context: "PluginContext", **values: Any
) -> T:
    """One hook's answer. Raises AndockError, PluginBug when the answer is of another kind."""
    from andock_core.host.calls import Hooks

    answer = Hooks(core).call(work.slug, hook, context=context, **values)
    if not isinstance(answer, kind):
        raise PluginBug(f"{hook}.type")
    return answer
