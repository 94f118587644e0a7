"""Every deed that is recorded anywhere has words."""

import ast
import re
from pathlib import Path

from andock_web.administration.words import ACTIONS

ROOT = Path(__file__).resolve().parents[2]
_ACTION = re.compile(r"[a-z]+(\.[a-z_]+)+")


def recorded() -> set[str]:
    """The keys in calls of `audit.record` and of functions that hand them on."""
    found = set()
    for root in ("platform", "marketplace"):
        for path in (ROOT / root).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if "audit" not in text:
                continue
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and _records(node):
                    found |= {each for each in _texts(node) if _ACTION.fullmatch(each)}
    return found


def _records(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in ("record", "record_everywhere", "_record", "_turn")


def _texts(call: ast.Call) -> set[str]:
    nodes = (node for argument in call.args for node in ast.walk(argument))
    return {str(node.value) for node in nodes if isinstance(node, ast.Constant)}


def test_every_deed_has_words() -> None:
    found = recorded()
    assert {"session.began", "run.undone", "block.converted", "keys.rotated"} <= found
    assert found - set(ACTIONS) == set()
