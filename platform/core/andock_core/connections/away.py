"""What a draft of an attempt says besides the answers, where authorizing may lead to another site:
for which browser session, for which settings, and on the way back what the other site answered."""

import json
from dataclasses import dataclass, field
from typing import Any

from andock_sdk import Answers

_PREFIX = "away."
"""No field of a form is named like this."""


@dataclass(frozen=True)
class Away:
    """`session_id`: the browser session that a redirect is for. `wanted`: the settings that the
    access has to be enough for, None for the present ones. `params`: the query that the member came
    back with, None before; then `memory` is the redirect's."""

    session_id: str = ""
    wanted: Answers | None = field(default=None, repr=False)
    params: dict[str, str] | None = field(default=None, repr=False)
    memory: dict[str, Any] = field(default_factory=dict, repr=False)


def together(answers: Answers, away: Away) -> Answers:
    """One draft of both."""
    said = {
        "session": away.session_id,
        "wanted": json.dumps(away.wanted),
        "params": json.dumps(away.params),
        "memory": json.dumps(away.memory),
    }
    return {**answers, **{_PREFIX + name: value for name, value in said.items()}}


def apart(draft: Answers) -> tuple[Answers, Away]:
    """Both of a draft."""
    answers = {name: value for name, value in draft.items() if not name.startswith(_PREFIX)}
    said = {name: str(draft.get(_PREFIX + name) or "") for name in ("session", *_JSON)}
    found = {name: json.loads(said[name]) if said[name] else None for name in _JSON}
    return answers, Away(said["session"], found["wanted"], found["params"], found["memory"] or {})


def told(away: Away) -> dict[str, Any]:
    """What pages are told of it, as part of a test's result."""
    return {"more": away.wanted is not None, "session": away.session_id}


_JSON = ("wanted", "params", "memory")
