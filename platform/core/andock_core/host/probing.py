"""Looks at plugins in child processes, with a deadline each, and takes their answers as data."""

import os
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ValidationError

from andock_core.host import tracing
from andock_core.host.cleaning import cleaned
from andock_core.host.reasons import Reason, heard
from andock_core.host.sources import Source
from andock_sdk import Listing, OwnJob, icon
from andock_sdk.contract.quality import Level

SECONDS = 20.0
TOGETHER_SECONDS = 25.0
LEAST_SECONDS = 1.0
AT_ONCE = 8
ANSWER_BYTES = 1 << 20
PROBE = (sys.executable, "-m", "andock_core.host.probe")
TEXT = 300  # characters
CONTRACT_CHARACTERS = 20
MOST_PLACES = 20
# A plugin's import needs none of these, and so cannot leak them by accident.
WITHHELD = ("ANDOCK_KEYS", "ANDOCK_SESSION_KEY", "DATABASE_URL", "REDIS_URL")


@dataclass(frozen=True)
class Finding:
    """What was found: a listing, or why there is none."""

    listing: Listing | None = None
    broken: Reason | Literal[""] = ""
    hooks: frozenset[str] = frozenset()
    import_seconds: float = 0.0
    jobs: tuple[OwnJob, ...] = ()
    contract: str = ""
    warnings: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()
    level: Level | Literal[""] = ""
    exempt: tuple[str, ...] = ()


class _Why(BaseModel):
    """A reason, as it is told."""

    key: str
    values: dict[str, str]


class _Told(BaseModel):
    """What the child process writes (see probe.py)."""

    listing: Listing | None = None
    broken: _Why | None = None
    hooks: frozenset[str] = frozenset()
    seconds: float = 0.0
    jobs: tuple[OwnJob, ...] = ()
    contract: str = ""
    warnings: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()
    level: Level | Literal[""] = ""
    exempt: tuple[str, ...] = ()


def probe_all(
    sources: Sequence[Source], seconds: float = SECONDS, together: float = TOGETHER_SECONDS
) -> list[tuple[Source, Finding]]:
    """Look at all plugins, several at once, none for longer than `seconds` and all of them within
    `together`: however many hang, they do not keep a process from starting. Each package has its
    turn before one that registers many has its second."""
    if not sources:
        return []
    ends = time.monotonic() + max(seconds, together)

    def look(source: Source) -> Finding:
        left = ends - time.monotonic()
        if left < LEAST_SECONDS:
            return Finding(broken=Reason("load.no_turn"))
        return probe(source, min(seconds, left))

    turns: Counter[str] = Counter()
    ordered: list[tuple[int, Source]] = []
    for source in sources:
        ordered.append((turns[source.distribution], source))
        turns[source.distribution] += 1
    queue = [source for _, source in sorted(ordered)]
    with ThreadPoolExecutor(min(AT_ONCE, len(sources))) as pool:
        found = dict(zip(queue, pool.map(look, queue), strict=True))
    return [(source, found[source]) for source in sources]


def probe(source: Source, seconds: float = SECONDS) -> Finding:
    """Look at one plugin in a child process."""
    begun = time.monotonic()
    found = _probe(source, seconds)
    slug = found.listing.slug if found.listing else source.name
    error = "plugin.broken" if found.broken else ""
    tracing.tell(slug, "load and describe", time.monotonic() - begun, "Listing", error)
    return found


def _probe(source: Source, seconds: float) -> Finding:
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [*PROBE, source.value, str(writer), source.distribution],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(writer,),
        start_new_session=True,
        env=_environment(),
    )
    os.close(writer)
    try:
        return judge(_answer(reader, time.monotonic() + seconds))
    except TimeoutError:
        return Finding(broken=Reason("load.slow", seconds=f"{max(seconds, 1):.0f}"))
    finally:
        os.close(reader)
        _end(process)


def judge(answer: bytes) -> Finding:
    """Take the child's answer as data. It may hold anything."""
    if not answer:
        return Finding(broken=Reason("load.ended"))
    try:
        told = _Told.model_validate_json(answer)
    except ValidationError as error:
        places = {".".join(map(str, fault["loc"])) for fault in error.errors()}
        return Finding(broken=Reason("describe.faults", places=", ".join(sorted(places))))
    if told.broken or told.listing is None:
        said = told.broken
        why = heard(said.key, said.values) if said else Reason("describe.nothing")
        trail = tuple(place[:TEXT] for place in told.trail[-MOST_PLACES:])
        return Finding(broken=why, contract=told.contract[:CONTRACT_CHARACTERS], trail=trail)
    fault = icon.fault(told.listing.icon)
    if fault:
        return Finding(broken=Reason("describe.icon", detail=fault))
    return Finding(
        cleaned(told.listing),
        hooks=told.hooks,
        import_seconds=told.seconds,
        jobs=told.jobs,
        contract=told.contract[:CONTRACT_CHARACTERS],
        warnings=tuple(text[:TEXT] for text in told.warnings),
        level=told.level,
        exempt=told.exempt,
    )


def _answer(reader: int, ends: float) -> bytes:
    """One line, or what there is when the pipe closes. Raises TimeoutError."""
    answer = b""
    while not answer.endswith(b"\n") and len(answer) < ANSWER_BYTES:
        ready, _, _ = select.select([reader], [], [], max(0.0, ends - time.monotonic()))
        if not ready:
            raise TimeoutError
        piece = os.read(reader, 65536)
        if not piece:
            break
        answer += piece
    return answer


def _environment() -> dict[str, str]:
    """This process's environment without secrets; modules are found where this process does."""
    environment = {name: value for name, value in os.environ.items() if name not in WITHHELD}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    return environment


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
