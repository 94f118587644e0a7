"""The trace of plugins' code: which call on which integration, how long, how it ended.

Never what was handed over or given back: of a result its type and how many, of an error its key.
`ANDOCK_TRACE_HOOKS=1` writes a line for each call into the log; `ANDOCK_DEVELOPER=1` keeps the
newest for the developers' page.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from andock_core import clock
from andock_sdk import ChangePage
from andock_sdk.errors import AndockError

if TYPE_CHECKING:
    from andock_core.config import Settings

log = logging.getLogger("andock.trace")
T = TypeVar("T")


@dataclass(frozen=True)
class Call:
    """One call that has ended. `integration` is its slug. `result` says what kind came back;
    `error` is the key of what was raised, "" when nothing was."""

    integration: str
    call: str
    milliseconds: int
    result: str
    error: str
    at: datetime


@dataclass
class Watched:
    """A call under way."""

    result: str = ""

    def gave(self, result: T) -> T:
        """The result, its kind noted."""
        if _listeners:
            self.result = kind(result)
        return result


@dataclass
class _Listeners:
    """Who is told of each call in this process."""

    told: list[Callable[[Call], None]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.told)


_listeners = _Listeners()


def set_up(settings: "Settings") -> None:
    """Trace in this process, or not, as the operator's settings say."""
    from andock_core.developer.recent import RecentCalls

    _listeners.told.clear()
    if settings.trace_hooks:
        _listeners.told.append(_write)
    if settings.developer:
        _listeners.told.append(RecentCalls(settings.redis_url).add)


@contextmanager
def watched(what: str) -> Iterator[Watched]:
    """Traces the block. `what` names it: "letters: test"."""
    call, begun, error = Watched(), time.monotonic(), ""
    try:
        yield call
    except AndockError as raised:
        error = raised.key
        raise
    except BaseException as raised:
        error = type(raised).__name__
        raise
    finally:
        if _listeners:
            slug, _, name = what.partition(": ")
            tell(slug, name, time.monotonic() - begun, call.result, error)


def tell(integration: str, call: str, seconds: float, result: str, error: str = "") -> None:
    """Tell the listeners of a call that has ended."""
    ended = Call(integration, call, round(1000 * seconds), result, error, clock.now())
    for listener in _listeners.told:
        listener(ended)


def kind(result: object) -> str:
    """What kind of result that is: "TestReport", "3 Collection", "ChangePage of 12 and more"."""
    if result is None:
        return "nothing"
    if isinstance(result, ChangePage):
        rest = " and more" if result.more else ""
        return f"ChangePage of {len(result.changes)}{rest}"
    if isinstance(result, list | tuple):
        found = Counter(type(item).__name__ for item in result)
        return ", ".join(f"{number} {name}" for name, number in found.items()) or "0"
    return type(result).__name__


def _write(call: Call) -> None:
    if call.error:
        words = "hook integration=%s call=%s ms=%d error=%s"
        log.info(words, call.integration, call.call, call.milliseconds, call.error)
    else:
        words = "hook integration=%s call=%s ms=%d result=%s"
        log.info(words, call.integration, call.call, call.milliseconds, call.result or "nothing")
