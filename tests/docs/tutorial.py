"""A tutorial as a script: its fenced blocks, followed in order.

`sh` blocks are run; `text` blocks are what the last one printed, in part and in order; `toml` and
`python` blocks are files, named by their first line.
"""

import os
import re
import subprocess
import sysconfig
import venv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NAMED = re.compile(r"# ([\w./-]+)\n")


@dataclass
class Outcome:
    """What a block of commands did. `promised`: the lines that the page shows of its output."""

    commands: str
    code: int
    printed: str
    promised: list[str] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        """Whether each promised line was printed, in that order, and nothing failed unsaid."""
        lines = iter(self.printed.splitlines())
        shown = all(any(line == wanted for line in lines) for wanted in self.promised)
        return shown and (self.code == 0 or self.promised != [])


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    """The fenced blocks of a page: language and content."""
    yield from FENCE.findall(page.read_text(encoding="utf-8"))


def fresh_environment(folder: Path) -> Path:
    """An environment of its own that also has what this one has; what is installed into it stays
    in it. The folder of its commands."""
    venv.create(folder, symlinks=True)
    here = sysconfig.get_paths(vars={"base": str(folder), "platbase": str(folder)})["purelib"]
    ours = sysconfig.get_paths()["purelib"]
    Path(here, "ours.pth").write_text(f"import site; site.addsitedir({ours!r})\n")
    commands = folder / "bin"
    for name, module in (("andock", "andock_command"), ("pip", "pip")):
        script = commands / name
        script.write_text(f'#!/bin/sh\nexec "{commands}/python" -m {module} "$@"\n')
        script.chmod(0o755)
    return commands


def follow(page: Path, folder: Path, commands: Path, done_by_us: set[str]) -> list[Outcome]:
    """Do what the page says, in `folder`; blocks of `done_by_us` are left to the caller."""
    outcomes: list[Outcome] = []
    environment = {
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "ANDOCK_HOME": str(folder / "var"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    where = folder
    for language, text in blocks(page):
        if language == "text":
            outcomes[-1].promised = text.splitlines()
        elif language == "sh" and text not in done_by_us:
            outcome, where = _run(text, where, environment)
            outcomes.append(outcome)
        elif named := NAMED.match(text):
            (where / named[1]).write_text(text, encoding="utf-8")
    return outcomes


def _run(commands: str, where: Path, environment: dict[str, str]) -> tuple[Outcome, Path]:
    """One block, in one shell; where it ends is where the next one begins."""
    ended = where / ".ended-in"
    script = f"set -e\ntrap 'pwd > {ended}' EXIT\n{commands}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=where,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=100,
        check=False,
    )
    return Outcome(commands, done.returncode, done.stdout), Path(ended.read_text().strip())
