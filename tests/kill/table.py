"""The printed tables of `make kill`."""

from collections.abc import Callable

from tests.kill.killer import Victim, moments
from tests.kill.play import Outcome

PHASES = ("starting", "recover", "changes", "items", "deletes")
WRITES = ("no write open", "before a write", "after a write")
TOLD = 10


def print_table(outcomes: list[Outcome]) -> None:
    """All outcomes."""
    lines: list[tuple[str, Callable[[Outcome], str]]] = [
        ("database", lambda o: o.database),
        ("kills that ended a run", lambda o: str(len(o.kills))),
        ("  of a work-horse", lambda o: _victims(o, "work-horse")),
        ("  of a worker", lambda o: _victims(o, "worker")),
        ("  of both at once", lambda o: _victims(o, "both at once")),
        ("kills just after a run", lambda o: str(o.missed)),
        ("worker starts", lambda o: str(o.starts)),
        ("connections due or running", lambda o: f"{o.in_flight:.0f} (median)"),
        ("edits meanwhile", lambda o: str(sum(o.edits.values()))),
        ("runs", lambda o: str(o.verdict.runs.total())),
        *((f"  {state}", _state(state)) for state in ("done", "held", "failed", "abandoned")),
        ("duplicates", lambda o: str(len(o.verdict.duplicates))),
        ("lost", lambda o: str(len(o.verdict.lost))),
        ("unequal", lambda o: str(len(o.verdict.unequal))),
        ("unsettled", lambda o: str(len(o.verdict.unsettled))),
        ("mails", lambda o: str(o.verdict.mails)),
        ("recovery median / longest", lambda o: o.verdict.recovery),
        ("minutes", lambda o: f"{o.minutes:.1f}"),
        ("all well", lambda o: "yes" if o.well else "NO"),
    ]
    print()
    for name, value in lines:
        print(f"{name:28}" + "".join(f"{value(outcome):>20}" for outcome in outcomes))
    for outcome in outcomes:
        print(f"\nmoments hit, {outcome.database}")
        print(f"{'':12}" + "".join(f"{write:>17}" for write in WRITES))
        counted = moments(outcome.kills)
        for phase in dict.fromkeys((*PHASES, *(phase for phase, _ in counted))):
            row = "".join(f"{counted[phase, write]:>17}" for write in WRITES)
            print(f"{phase:12}{row}")
        _print_faults(outcome)


def _print_faults(outcome: Outcome) -> None:
    verdict = outcome.verdict
    if verdict.errors:
        told = ", ".join(f"{key} {count}" for key, count in verdict.errors.most_common(TOLD))
        print(f"errors of runs: {told}")
    for name in ("duplicates", "lost", "unequal", "unsettled"):
        for line in getattr(verdict, name)[:TOLD]:
            print(f"{name}: {line}")


def _victims(outcome: Outcome, victim: Victim) -> str:
    return str(sum(kill.victim == victim for kill in outcome.kills))


def _state(state: str) -> Callable[[Outcome], str]:
    return lambda outcome: str(outcome.verdict.runs[state])
