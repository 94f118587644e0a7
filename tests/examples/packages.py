"""The example plugins as if they were installed: their code on the path, their entry points and
requirements told as pip would tell them."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

from andock_core.host.sources import Source

EXAMPLES = Path(__file__).parents[2] / "examples"
SUBSCRIPTION, BROKEN, HOSTILE, OUTDATED = (
    "icalendar_subscription",
    "broken_calendar",
    "hostile_calendar",
    "outdated_calendar",
)


def lay_out(folder: Path, names: Sequence[str]) -> list[str]:
    """Write the metadata of these examples into a folder; what has to come onto the path."""
    found = [str(folder)]
    for name in names:
        told = tomllib.loads((EXAMPLES / name / "pyproject.toml").read_text())["project"]
        info = folder / f"{told['name'].replace('-', '_')}-1.dist-info"
        info.mkdir(parents=True)
        needs = "".join(f"Requires-Dist: {one}\n" for one in told["dependencies"])
        head = f"Metadata-Version: 2.1\nName: {told['name']}\nVersion: 1\n{needs}"
        (info / "METADATA").write_text(head)
        points = told["entry-points"]["andock.plugins"].items()
        lines = "".join(f"{point} = {value}\n" for point, value in points)
        (info / "entry_points.txt").write_text(f"[andock.plugins]\n{lines}")
        source = EXAMPLES / name / "src"
        found.append(str(source if source.is_dir() else EXAMPLES / name))
    return found


def source(name: str, point: str) -> Source:
    """One entry point of an example."""
    told = tomllib.loads((EXAMPLES / name / "pyproject.toml").read_text())["project"]
    return Source(told["name"], point, told["entry-points"]["andock.plugins"][point], "1")
