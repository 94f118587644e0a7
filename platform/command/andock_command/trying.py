"""A package that is not installed yet, unpacked aside so that its plugins can be looked at."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distributions, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from andock_command.opened import CannotGoOn

MOST_WORDS = 600


@contextmanager
def unpacked(package: Path) -> Iterator[frozenset[str]]:
    """Install a folder or wheel into a temporary folder that counts as installed within the block;
    the names of the distributions in it.

    Nothing else is installed, and the environment stays as it is. Building a folder runs its build
    code. Raises CannotGoOn.
    """
    with tempfile.TemporaryDirectory(prefix="andock-check-") as folder:
        _install(package, folder)
        names = frozenset(one.name for one in distributions(path=[folder]))
        sys.path.insert(0, folder)
        try:
            yield names
        finally:
            sys.path.remove(folder)


def lacking(distribution: str) -> list[str]:
    """What a package needs and this environment does not have, as it says so itself."""
    try:
        wanted = [Requirement(text) for text in requires(distribution) or ()]
    except (PackageNotFoundError, ValueError):
        return []
    return [str(one) for one in wanted if _counts(one) and not _is_there(one)]


def _install(package: Path, folder: str) -> None:
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--no-build-isolation", "--no-index", "--target", folder, str(package)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotGoOn(f"{package} cannot be installed: {done.stderr.strip()[-MOST_WORDS:]}")


def _counts(wanted: Requirement) -> bool:
    return wanted.marker is None or wanted.marker.evaluate({"extra": ""})


def _is_there(wanted: Requirement) -> bool:
    try:
        return wanted.specifier.contains(version(wanted.name), prereleases=True)
    except PackageNotFoundError:
        return False
