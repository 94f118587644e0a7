"""Holds a call of a plugin's code to the contract: its deadline and its errors."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from andock_core.host.deadline import DeadlinePassed, deadline, require_main_thread
from andock_core.host.faults import describe
from andock_core.host.results import check_error
from andock_core.host.tracing import Watched, watched
from andock_sdk.errors import AndockError, PluginBug

log = logging.getLogger("andock.host")


@contextmanager
def held_to_contract(what: str, seconds: float) -> Iterator[Watched]:
    """Runs the block with a deadline. Only errors of `andock_sdk.errors` leave it.

    Whatever else is raised becomes a PluginBug ("plugin.bug", "plugin.hanging") from its cause,
    logged by type and place only. `what` names the call for the log ("letters: test"); hand its
    result to `gave` of what the block gets, for the trace.
    Raises RuntimeError outside the main thread: pages cannot call a plugin.
    """
    require_main_thread()
    with watched(what) as call, _translated(what, seconds), deadline(seconds):
        yield call


@contextmanager
def _translated(what: str, seconds: float) -> Iterator[None]:
    try:
        yield
    except DeadlinePassed as error:
        log.error("plugin hangs call=%r seconds=%g", what, seconds)
        raise PluginBug("plugin.hanging", what) from error
    except PluginBug as error:
        log.error("plugin fault call=%r detail=%r", what, error.detail)
        raise
    except AndockError as error:
        check_error(error)
        raise
    except (Exception, SystemExit, KeyboardInterrupt, GeneratorExit) as error:
        log.error("plugin fault call=%r error=%r", what, describe(error))
        raise PluginBug("plugin.bug", what) from error
