"""Where plugins are registered. Nothing of them is imported here."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points

GROUP = "andock.plugins"


@dataclass(frozen=True, order=True)
class Source:
    """An entry point. `value` is "module:callable", both versions are the distribution's."""

    distribution: str
    name: str
    value: str
    version: str = ""


def installed() -> list[Source]:
    """The entry points of all installed distributions, by distribution name."""
    found = set()
    for point in entry_points(group=GROUP):
        distribution = point.dist.name if point.dist else ""
        version = point.dist.version if point.dist else ""
        found.add(Source(distribution, point.name, point.value, version))
    return sorted(found)


def extra(values: Sequence[str]) -> list[Source]:
    """Plugins that are named instead of installed, as "module:callable"."""
    return [Source(value.partition(":")[0], value, value) for value in values]
