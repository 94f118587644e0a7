"""The subscription as in a repository of its own."""

import subprocess
import sys

import pytest

from tests.examples.packages import EXAMPLES, SUBSCRIPTION


@pytest.mark.more  # all rules of the contract
def test_its_tests_and_the_contract_run_in_its_own_folder() -> None:
    """With its own settings, and without anything of Andock but the SDK; it reaches the level that
    it claims."""
    command = [sys.executable, "-m", "pytest", "-q", "--andock-contract", "-p", "no:cacheprovider"]
    done = subprocess.run(
        command, cwd=EXAMPLES / SUBSCRIPTION, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert "Level reached: gold. quality.toml claims: gold." in done.stdout
