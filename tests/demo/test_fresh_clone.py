"""`make run` as a newcomer types it: in a fresh clone, with an empty home folder."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from andock_demo.processes import of_home
from andock_demo.settings import ROOT
from tests.support.demo import free_ports

pytestmark = [pytest.mark.more, pytest.mark.timeout(900)]

# What finding the package index may take on a machine; nothing else is handed over.
INHERITED = ("PATH", "LANG", "SSL_CERT_FILE", "HTTPS_PROXY", "NO_PROXY")
OPERATORS_OWN = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "operators-own"
version = "1.0"
[tool.hatch.build.targets.wheel]
packages = ["operators_own"]
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The committed state of this tree, somewhere else."""
    folder = tmp_path_factory.mktemp("fresh") / "andock"
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    return folder


def environment(clone: Path) -> dict[str, str]:
    """A newcomer's environment: an empty home, none of the test run's settings."""
    home = clone.parent / "home"
    home.mkdir(exist_ok=True)
    pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    # The environment's own Python is not what a newcomer has on the path.
    kept["PATH"] = os.pathsep.join(
        part for part in kept["PATH"].split(os.pathsep) if str(ROOT) not in part
    )
    return {**pip, **kept, "HOME": str(home)}


def test_make_run_in_a_fresh_clone(clone: Path) -> None:
    """One command gets it going; Ctrl-C at the terminal ends it and leaves no process."""
    web, exchange = free_ports()
    ports = {"ANDOCK_PORT": str(web), "ANDOCK_SANDBOX_PORT": str(exchange)}
    log = clone.parent / "make.log"
    with log.open("wb") as output:
        make = subprocess.Popen(
            ["make", "run"],
            cwd=clone,
            env={**environment(clone), **ports},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    home = clone / "var"
    deadline = time.monotonic() + 600
    while not (home / "demo.json").exists():
        assert make.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)
    assert len(of_home(home)) >= 7
    os.killpg(make.pid, signal.SIGINT)  # as a terminal does: to everyone in the foreground
    make.wait(20)
    assert of_home(home) == []
    assert list((clone.parent / "home").rglob("*.ctl")) == []  # nothing of ours outside


def test_what_an_operator_installed_stays(clone: Path) -> None:
    """Refreshing the environment adds and replaces what is locked, and removes nothing."""
    package = clone.parent / "own"
    (package / "operators_own").mkdir(parents=True)
    (package / "operators_own" / "__init__.py").touch()
    (package / "pyproject.toml").write_text(OPERATORS_OWN)
    python = clone / ".venv" / "bin" / "python"
    install = [*("-m", "pip", "install", "--quiet", "--no-deps", "--no-index")]
    subprocess.run(["make", "env"], cwd=clone, env=environment(clone), check=True)
    subprocess.run(
        [python, *install, "--no-build-isolation", package], env=environment(clone), check=True
    )
    (clone / ".venv" / ".andock-installed").unlink()
    subprocess.run(["make", "env"], cwd=clone, env=environment(clone), check=True)
    subprocess.run([python, "-c", "import operators_own, andock_core"], check=True)
