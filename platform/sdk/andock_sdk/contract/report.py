"""What a run of the contract came to: per plugin a table, the level reached, and the claim."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from andock_sdk.contract.quality import (
    LEVELS,
    Level,
    Outcome,
    Quality,
    QualityError,
    find,
    reached,
    read,
)
from andock_sdk.contract.rules import rules

_WORST: tuple[Outcome, ...] = ("failed", "not shown", "passed", "not applicable", "exempt")


@dataclass(frozen=True)
class Result:
    """How one rule ended for one plugin. `why` is the reason where it did not simply pass."""

    plugin: str
    rule: str
    outcome: Outcome
    why: str = ""


@dataclass
class Verdict:
    """One plugin's results. `fault`: why its quality.toml cannot be used."""

    plugin: str
    results: dict[str, Result] = field(default_factory=dict)
    quality: Quality = field(default_factory=Quality)
    fault: str = ""

    @property
    def whole(self) -> bool:
        """Whether every rule was run, so that a level can be told."""
        return {rule.id for rule in rules()} <= set(self.results)

    @property
    def level(self) -> Level | Literal[""]:
        """The level that was reached."""
        return reached({name: result.outcome for name, result in self.results.items()})

    @property
    def complaint(self) -> str:
        """What is wrong with the claim; empty when nothing is."""
        if self.fault:
            return f"quality.toml of {self.plugin}: {self.fault}"
        if not self.whole or not self.quality.level:
            return ""
        level = self.level
        if level and LEVELS.index(level) >= LEVELS.index(self.quality.level):
            return ""
        return (
            f"quality.toml of {self.plugin} claims {self.quality.level}; "
            f"what was shown is {level or 'no level'}"
        )


def quality_of(plugin: str) -> tuple[Quality, str]:
    """What the plugin's quality.toml says, and what is wrong with it."""
    try:
        return read(find(plugin)), ""
    except (QualityError, ImportError) as error:
        return Quality(), str(error)


def verdicts(results: Iterable[Result]) -> list[Verdict]:
    """The results by plugin. Of several for one rule the worst counts."""
    found: dict[str, Verdict] = {}
    for result in results:
        if result.plugin not in found:
            quality, fault = quality_of(result.plugin)
            found[result.plugin] = Verdict(result.plugin, {}, quality, fault)
        held = found[result.plugin].results
        before = held.get(result.rule)
        if before is None or _WORST.index(result.outcome) < _WORST.index(before.outcome):
            held[result.rule] = result
    return list(found.values())


def lines(verdict: Verdict) -> Iterator[str]:
    """The table of one plugin, in Markdown."""
    yield f"# The contract: {verdict.plugin}"
    yield ""
    yield "| level | rule | outcome | |"
    yield "| --- | --- | --- | --- |"
    for rule in sorted(rules(), key=lambda one: LEVELS.index(one.level)):
        result = verdict.results.get(rule.id)
        outcome, why = (result.outcome, result.why) if result else ("not run", "")
        note = why.replace("|", "/").replace("\n", " ")[:160]
        yield f"| {rule.level} | {rule.id} | {outcome} | {note or rule.sentence} |"
    yield ""
    claim = verdict.quality.level or "nothing"
    if verdict.whole:
        yield f"Level reached: {verdict.level or 'none'}. quality.toml claims: {claim}."
    else:
        yield f"Not all rules were run, so no level is told. quality.toml claims: {claim}."
    if verdict.complaint:
        yield verdict.complaint
