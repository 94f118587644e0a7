"""What plugins offer, as data: the web process reads this and never imports a plugin."""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from andock_core.host.probing import Finding, probe_all
from andock_core.host.sources import Source, extra, installed
from andock_sdk import Listing, OwnJob


@dataclass(frozen=True)
class Listed:
    """An integration of the marketplace, or a plugin that does not work.

    `broken` is the reason in plain English, for the operator; empty when all is well, and then
    there is a `listing`. The slug of a broken one is its best guess and may not be unique.
    `hooks` are the names of the hooks that the plugin answers, `jobs` its own. `contract` is what
    it says that it was made for ("1", "1.2"), empty when it does not say or was not made for this
    Andock. `warnings` are what it uses and what will go, as plain English sentences. `trail` says
    where a broken one failed: files, lines and functions, the innermost last.
    """

    slug: str
    name: str
    distribution: str
    version: str
    listing: Listing | None
    broken: str = ""
    source: str = ""
    hooks: frozenset[str] = frozenset()
    import_seconds: float = 0.0
    jobs: tuple[OwnJob, ...] = ()
    contract: str = ""
    warnings: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()


class Catalog:
    """All plugins of this installation. Looked at once per process."""

    def __init__(self, extra_plugins: Sequence[str] = ()) -> None:
        self._extra = tuple(extra_plugins)
        self._lock = threading.Lock()
        self._listed: list[Listed] | None = None

    def all(self) -> list[Listed]:
        """Everything that is registered, by distribution name, broken ones too."""
        with self._lock:
            if self._listed is None:
                sources = [*installed(), *extra(self._extra)]
                self._listed = arrange(probe_all(sources))
            return list(self._listed)

    def get(self, slug: str) -> Listed | None:
        """The integration of that name; a broken one only if no other has the name."""
        named = [listed for listed in self.all() if listed.slug == slug]
        return next((listed for listed in named if not listed.broken), named[0] if named else None)

    def healthy(self) -> list[Listed]:
        """The integrations that work."""
        return [listed for listed in self.all() if not listed.broken]


def arrange(findings: Sequence[tuple[Source, Finding]]) -> list[Listed]:
    """Name each finding. Of several with the same slug the first by distribution name counts."""
    arranged: list[Listed] = []
    taken: dict[str, str] = {}
    for source, finding in sorted(findings, key=lambda pair: pair[0]):
        listed = _listed(source, finding)
        if not listed.broken:
            owner = taken.setdefault(listed.slug, source.distribution)
            if any(other.slug == listed.slug and not other.broken for other in arranged):
                reason = f"the name {listed.slug} is taken by {owner}"
                listed = replace(listed, listing=None, broken=reason)
        arranged.append(listed)
    return arranged


def _listed(source: Source, finding: Finding) -> Listed:
    listing = finding.listing
    return Listed(
        slug=listing.slug if listing else re.sub(r"[^a-z0-9]+", "-", source.name.lower()),
        name=source.name,
        distribution=source.distribution,
        version=source.version or (listing.version if listing else ""),
        listing=listing,
        broken=finding.broken,
        source=source.value,
        hooks=finding.hooks,
        import_seconds=finding.import_seconds,
        jobs=finding.jobs,
        contract=finding.contract,
        warnings=finding.warnings,
        trail=finding.trail,
    )
