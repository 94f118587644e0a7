"""`quality.toml`: which level a plugin claims, and which rules it is exempt from, with a reason.

    level = "silver"

    [exempt]
    long-lists = "The service holds ten entries at most."

The file lies in the plugin's package, beside the module that its entry point names. The claim is
checked when the plugin's tests run with `--andock-contract`; the marketplace shows it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

Level = Literal["bronze", "silver", "gold"]
Outcome = Literal["passed", "exempt", "not applicable", "not shown", "failed"]
LEVELS: tuple[Level, ...] = ("bronze", "silver", "gold")
GOOD: frozenset[Outcome] = frozenset({"passed", "exempt", "not applicable"})
FILE = "quality.toml"
FILE_BYTES = 64 * 1024
REASON_LENGTH = 500


class QualityError(Exception):
    """The file cannot be used. The text says why."""


@dataclass(frozen=True)
class Quality:
    """What the file says. `level` is empty when none is claimed; `exempt`: rule → reason."""

    level: Level | Literal[""] = ""
    exempt: Mapping[str, str] = field(default_factory=dict)


def find(entry_point: str) -> Path | None:
    """The file beside the module of an entry point ("module:callable"), None when there is none.

    The module is not imported, the packages above it are. Raises ImportError.
    """
    try:
        spec = find_spec(entry_point.partition(":")[0])
    except ValueError as error:
        raise ImportError(entry_point) from error
    if spec is None or spec.origin is None:
        return None
    found = Path(spec.origin).with_name(FILE)
    return found if found.is_file() else None


def read(path: Path | None) -> Quality:
    """What a file says; nothing is claimed where there is none. Raises QualityError."""
    if path is None:
        return Quality()
    try:
        if path.stat().st_size > FILE_BYTES:
            raise QualityError("it is too large")
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise QualityError(f"it is no TOML file ({type(error).__name__})") from error
    return _judged(told)


def _judged(told: dict[str, Any]) -> Quality:
    from andock_sdk.contract.rules import rules

    strange = sorted(set(told) - {"level", "exempt"})
    if strange:
        raise QualityError(f"it says what nobody asks for: {', '.join(strange)[:100]}")
    level = told.get("level", "")
    if level not in ("", *LEVELS):
        raise QualityError(f"there is no level {str(level)[:40]!r}, only {', '.join(LEVELS)}")
    exempt = told.get("exempt", {})
    if not isinstance(exempt, dict):
        raise QualityError('[exempt] has lines of the form: rule = "reason"')
    known = {rule.id for rule in rules()}
    for name, reason in exempt.items():
        if name not in known:
            raise QualityError(f"there is no rule {name[:60]!r}")
        if not isinstance(reason, str) or not 0 < len(reason.strip()) <= REASON_LENGTH:
            raise QualityError(f"the exemption from {name} needs a reason in a sentence")
    return Quality(level, exempt)


def reached(outcomes: Mapping[str, Outcome]) -> Level | Literal[""]:
    """The highest level of which all rules, and all rules below it, ended well."""
    from andock_sdk.contract.rules import rules

    best: Level | Literal[""] = ""
    for level in LEVELS:
        due = [rule.id for rule in rules() if rule.level == level]
        if not all(outcomes.get(name) in GOOD for name in due):
            break
        best = level
    return best
