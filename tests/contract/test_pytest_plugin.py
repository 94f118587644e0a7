"""`pytest --andock-contract`, as an author runs it: the table, the claim, the exit code."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = """
from tests.support.memory_plugin import integration
"""
TEST = """
import pytest
from tests.contract.memory import MemoryHarness

class Mine(MemoryHarness):
    entry_point = "{module}:integration"
    schedules = 1

@pytest.fixture
def harness(tmp_path, monkeypatch):
    monkeypatch.setenv("ANDOCK_MEMORY_FILE", str(tmp_path / "memory.sqlite"))
    return Mine(tmp_path / "memory.sqlite")

def test_contract(andock_rule, harness):
    andock_rule(harness)
"""

UNABLE = """
    def lose_cursors(self):
        from andock_sdk.contract import Cannot
        raise Cannot("x")
"""
BUG = """
from tests.support.memory_plugin import MemoryConnector
MemoryConnector.delete = lambda *whatever: None
"""
ALONE = """
import sys, andock_sdk
from andock_sdk.contract import rules
rules()
print("pytest" in sys.modules)
"""


def pytest_run(folder: Path, quality: str, *words: str, break_it: str = "") -> tuple[int, str]:
    """Run the contract on the memory plugin under another name; the exit code and what was said."""
    (folder / "mine_plugin.py").write_text(PLUGIN + break_it)
    (folder / "quality.toml").write_text(quality)
    (folder / "test_contract.py").write_text(TEST.format(module="mine_plugin"))
    (folder / "pytest.ini").write_text(f"[pytest]\npythonpath = {folder} {ROOT}\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100)
    return done.returncode, done.stdout + done.stderr


def test_what_is_shown_and_claimed_is_told_rule_by_rule(tmp_path: Path) -> None:
    quality = 'level = "gold"\n[exempt]\nlong-lists = "There is only one item."\n'
    code, said = pytest_run(
        tmp_path, quality, "--andock-contract", "--andock-contract-report", "rules.md"
    )
    assert code == 0, said
    table = (tmp_path / "rules.md").read_text()
    assert "| gold | long-lists | exempt | There is only one item. |" in table
    assert "Level reached: gold. quality.toml claims: gold." in table
    assert table.strip() in said


@pytest.mark.more
def test_a_claim_that_does_not_hold_fails_the_run(tmp_path: Path) -> None:
    """Nothing fails by itself here: the harness cannot show one rule, and the claim needs it."""
    test = TEST.replace("    schedules = 1\n", f"    schedules = 1\n{UNABLE}")
    (tmp_path / "test_two.py").write_text(test.format(module="mine_plugin"))
    code, said = pytest_run(tmp_path, 'level = "silver"\n', "--andock-contract", "test_two.py")
    assert code == 1
    assert "claims silver; what was shown is bronze" in said
    assert "| silver | lost-cursor-said | not shown | x;" in said


@pytest.mark.more
def test_a_broken_rule_fails_and_two_workers_tell_the_same(tmp_path: Path) -> None:
    code, said = pytest_run(tmp_path, "", "--andock-contract", "-n2", break_it=BUG)
    assert code == 1
    assert "| bronze | delete-lands | failed | Broken: the item still lies there |" in said
    assert "Level reached: none. quality.toml claims: nothing." in said


@pytest.mark.more
def test_a_part_of_the_rules_tells_no_level(tmp_path: Path) -> None:
    code, said = pytest_run(tmp_path, 'level = "gold"\n', "--andock-contract", "-k", "hooks")
    assert code == 0
    assert "Not all rules were run, so no level is told." in said


@pytest.mark.more
def test_without_the_option_the_rules_are_skipped(tmp_path: Path) -> None:
    code, said = pytest_run(tmp_path, "")
    assert code == 0
    assert "1 skipped" in said


@pytest.mark.more
def test_the_sdk_itself_needs_no_pytest() -> None:
    """A plugin at work stays small."""
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr
