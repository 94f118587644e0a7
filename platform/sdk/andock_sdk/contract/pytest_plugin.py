"""`pytest --andock-contract`: holds a plugin against the contract, rule by rule.

    # tests/test_contract.py
    @pytest.fixture
    def harness(): ...                      # an andock_sdk.contract.Harness

    def test_contract(andock_rule, harness):
        andock_rule(harness)

Without the option such tests are skipped. Everything else of the SDK is imported when it is used:
this module is loaded in every run of pytest.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from andock_sdk.contract.harness import Harness
    from andock_sdk.contract.report import Result
    from andock_sdk.contract.rules import Rule

FIXTURE = "andock_rule"
PROPERTY = "andock_contract"


class RunRule:
    """One rule, to be called with a fresh harness. `rule` says which; `result` is how it ended."""

    def __init__(self, rule: "Rule") -> None:
        self.rule = rule
        self.told: dict[str, str] = {"rule": rule.id, "outcome": "passed", "why": "", "plugin": ""}

    def __call__(self, harness: "Harness") -> None:
        """Hold the plugin against the rule."""
        from andock_sdk.contract.case import Case
        from andock_sdk.contract.harness import Cannot, NotApplicable
        from andock_sdk.contract.report import quality_of

        __tracebackhide__ = True
        self.told["plugin"] = harness.entry_point
        quality, _ = quality_of(harness.entry_point)
        if self.rule.id in quality.exempt:
            self._end("exempt", quality.exempt[self.rule.id])
        case = Case(harness)
        try:
            self.rule.check(case)
        except NotApplicable as reason:
            self._end("not applicable", str(reason))
        except Cannot as reason:
            self._end("not shown", f"{reason}; do it, or exempt the rule in quality.toml")
        finally:
            case.close()

    def _end(self, outcome: str, why: str) -> None:
        self.told.update(outcome=outcome, why=why)
        pytest.skip(f"{outcome}: {why}")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options."""
    group = parser.getgroup("andock", "Andock")
    group.addoption(
        "--andock-contract",
        action="store_true",
        help="hold plugins against Andock's contract, rule by rule",
    )
    group.addoption(
        "--andock-contract-report",
        metavar="FILE",
        help="write the table of rules to FILE, in Markdown",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Collect what becomes of the rules, where they are run (or where the workers report to)."""
    if _is_on(config) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Collector(config), "andock-contract-collector")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `andock_rule` runs once per rule."""
    if FIXTURE in metafunc.fixturenames:
        from andock_sdk.contract.rules import rules

        found = rules() if _is_on(metafunc.config) else ()
        metafunc.parametrize(FIXTURE, found, indirect=True, ids=[rule.id for rule in found])


@pytest.fixture
def andock_rule(request: pytest.FixtureRequest) -> RunRule:
    """One rule of the contract: call it with a harness."""
    run = RunRule(request.param)
    request.node.user_properties.append((PROPERTY, run.told))
    return run


class Collector:
    """Gathers the results and tells them at the end."""

    def __init__(self, config: pytest.Config) -> None:
        self._report = config.getoption("--andock-contract-report")
        self.results: list[Result] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One part of a test is over, here or in a worker."""
        from andock_sdk.contract.report import Result

        for name, told in report.user_properties:
            if name == PROPERTY and isinstance(told, dict) and (report.failed or _is_call(report)):
                fields: dict[str, Any] = dict(told)
                if report.failed:
                    fields |= {"outcome": "failed", "why": _last_line(report)}
                self.results.append(Result(**fields))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A claim that does not hold fails the run."""
        if any(verdict.complaint for verdict in self._verdicts()) and not session.exitstatus:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The tables."""
        from andock_sdk.contract.report import lines

        written = ["\n".join(lines(verdict)) for verdict in self._verdicts()]
        for table in written:
            terminalreporter.section("Andock's contract")
            terminalreporter.write_line(table)
        if self._report:
            Path(self._report).write_text("\n\n".join(written) + "\n", encoding="utf-8")

    def _verdicts(self) -> Any:
        from andock_sdk.contract.report import verdicts

        return verdicts(result for result in self.results if result.plugin)


def _is_call(report: pytest.TestReport) -> bool:
    return report.when == "call"


def _last_line(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    text = str(crash.message if crash else report.longrepr).strip()
    return text.splitlines()[0].removeprefix("andock_sdk.contract.rules.") if text else ""


def _is_on(config: pytest.Config) -> bool:
    return bool(config.getoption("--andock-contract"))
