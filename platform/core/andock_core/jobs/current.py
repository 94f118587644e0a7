"""The core of this worker process: RQ calls tasks by name, with ids only."""

from andock_core.core import Core

_current: list[Core] = []


def use(core: Core) -> None:
    """Set the core that this process's tasks work with."""
    _current[:] = [core]


def core() -> Core:
    """The core of this process. Raises RuntimeError outside a worker."""
    if not _current:
        raise RuntimeError("tasks run in a worker only")
    return _current[0]
