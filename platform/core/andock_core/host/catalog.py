"""What plugins offer, as data: the web process reads this and never imports a plugin."""

import re
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from andock_core.host.probing import Finding, probe_all
from andock_core.host.reasons import Reason
from andock_core.host.registry import Known, Registry
from andock_core.host.sources import Source, extra, installed
from andock_sdk import Listing, OwnJob, Text
from andock_sdk.contract.quality import Level

SWITCHED_OFF = Reason("switched_off")


@dataclass(frozen=True)
class Listed:
    """An integration of the marketplace, or a plugin that does not work.

    `broken` is the reason in plain English, with what pages need to say it in German; empty when
    all is well, and then there is a `listing`. The slug of a broken one is its best guess and may
    not be unique.
    `hooks` are the names of the hooks that the plugin answers, `jobs` its own. `contract` is what
    it says that it was made for ("1", "1.2"), empty when it does not say or was not made for this
    Andock. `warnings` are what it uses and what will go, as plain English sentences. `trail` says
    where a broken one failed: files, lines and functions, the innermost last. `off`: the operator
    has switched it off, and its code was not looked at; `title` is then what it was called. `level`
    is what its quality.toml claims, `exempt` are the rules of the contract that it leaves out.
    """

    slug: str
    name: str
    distribution: str
    version: str
    listing: Listing | None
    broken: Reason | Literal[""] = ""
    source: str = ""
    hooks: frozenset[str] = frozenset()
    import_seconds: float = 0.0
    jobs: tuple[OwnJob, ...] = ()
    contract: str = ""
    warnings: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()
    level: Level | Literal[""] = ""
    exempt: tuple[str, ...] = ()
    off: bool = False
    title: Text | None = None


class Catalog:
    """All plugins of this installation. Each is looked at once per process, when it is not switched
    off. Without a `registry` none is, and nothing is known of earlier starts."""

    def __init__(self, extra_plugins: Sequence[str] = (), registry: Registry | None = None) -> None:
        self._extra = tuple(extra_plugins)
        self._registry = registry
        self._lock = threading.Lock()
        self._listed: list[Listed] | None = None
        self._known: tuple[Known, ...] = ()
        self._findings: dict[Source, Finding] = {}

    def all(self) -> list[Listed]:
        """Everything that is registered, by distribution name, broken ones too."""
        known = self.known()
        with self._lock:
            if self._listed is None or known != self._known:
                self._listed, self._known = self._look(known), known
            return list(self._listed)

    def known(self) -> tuple[Known, ...]:
        """What is known of plugins from earlier starts, without looking at any."""
        return self._registry.known() if self._registry else ()

    def learn(self) -> None:
        """Look at all plugins, and remember whose name is whose."""
        works = [listed for listed in self.all() if listed.listing is not None]
        if self._registry is not None:
            self._registry.learn(
                [
                    Known(one.distribution, one.name, one.slug, one.listing.title, off=False)
                    for one in works
                    if one.listing is not None
                ]
            )

    def look_again(self, changed: Collection[str]) -> None:
        """Look anew at plugins whose code has changed, named by `Listed.source`. While that takes
        its time, everybody else is told what was known before."""
        stale = [source for source in self._findings if source.value in changed]
        fresh = probe_all(stale)
        with self._lock:
            self._findings.update(fresh)
            self._listed = None
        self.learn()

    def _look(self, known: Sequence[Known]) -> list[Listed]:
        sources = [*installed(), *extra(self._extra)]
        off = {source: one for one in known if one.off for source in sources if one.is_of(source)}
        fresh = [s for s in sources if s not in off and s not in self._findings]
        self._findings.update(probe_all(fresh))
        on = [(source, self._findings[source]) for source in sources if source not in off]
        return sorted(
            [*arrange(on, owners(known, sources)), *(_off(*pair) for pair in off.items())],
            key=lambda listed: (listed.distribution, listed.name),
        )

    def get(self, slug: str) -> Listed | None:
        """The integration of that name; a broken one only if no other has the name."""
        named = [listed for listed in self.all() if listed.slug == slug]
        return next((listed for listed in named if not listed.broken), named[0] if named else None)

    def healthy(self) -> list[Listed]:
        """The integrations that work."""
        return [listed for listed in self.all() if not listed.broken]


def owners(known: Sequence[Known], sources: Sequence[Source]) -> dict[str, Source]:
    """Whose each name is: whoever had it first and is still installed, working or not."""
    return {
        one.slug: source for one in known for source in sources if one.slug and one.is_of(source)
    }


def arrange(
    findings: Sequence[tuple[Source, Finding]], owned: Mapping[str, Source] | None = None
) -> list[Listed]:
    """Name each finding. Of several with the same slug its owner counts, else the first by
    distribution name: a newcomer never gets an earlier one's connections."""
    arranged: list[Listed] = []
    taken = dict(owned or {})
    for source, finding in sorted(findings, key=lambda pair: pair[0]):
        listed = _listed(source, finding)
        if not listed.broken:
            owner = taken.setdefault(listed.slug, source)
            if owner != source:
                reason = Reason("name.taken", name=listed.slug, owner=owner.distribution)
                listed = replace(listed, listing=None, broken=reason)
        arranged.append(listed)
    return arranged


def _off(source: Source, known: Known) -> Listed:
    return Listed(
        slug=known.slug or guessed_slug(source),
        name=source.name,
        distribution=source.distribution,
        version=source.version,
        listing=None,
        broken=SWITCHED_OFF,
        source=source.value,
        off=True,
        title=known.title,
    )


def guessed_slug(source: Source) -> str:
    """What to call a plugin that did not say its name."""
    return re.sub(r"[^a-z0-9]+", "-", source.name.lower())


def _listed(source: Source, finding: Finding) -> Listed:
    listing = finding.listing
    return Listed(
        slug=listing.slug if listing else guessed_slug(source),
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
        level=finding.level,
        exempt=finding.exempt,
    )
