"""Notices that the source of a plugin under development has changed.

Under development is a plugin whose code lies outside the folders that packages are installed into:
an editable install (`pip install -e`), or one that ANDOCK_EXTRA_PLUGINS names. Nothing is imported
here; a web process looks at the plugin anew in a child process, a worker starts anew.
"""

import atexit
import importlib.util
import logging
import sysconfig
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import DefaultFilter, watch

if TYPE_CHECKING:
    from andock_core.host import Catalog

log = logging.getLogger("andock.developer")

JOIN_SECONDS = 1.0


def place(source: str) -> Path | None:
    """Where the code of "module:callable" lies: its package's folder, or its one file. None when
    it is installed for good, or nowhere."""
    module = source.partition(":")[0].partition(".")[0]
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        return None
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    if spec is None or not (folders or spec.has_location):
        return None
    found = Path(folders[0] if folders else str(spec.origin)).resolve()
    for_good = [
        Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib", "stdlib")
    ]
    return None if any(found.is_relative_to(folder) for folder in for_good) else found


def follow(sources: Iterable[str], changed: Callable[[set[str]], None]) -> None:
    """From now on, until this process ends, tell `changed` which sources have changed.

    It is called in a thread of its own. Does nothing when none is under development.
    """
    places = {source: found for source in sources if (found := place(source)) is not None}
    if not places:
        return
    stop = threading.Event()
    thread = threading.Thread(
        target=_watch, args=(places, changed, stop), name="plugins", daemon=True
    )
    thread.start()
    log.info("plugins under development count=%d", len(places))

    def end() -> None:
        stop.set()
        thread.join(JOIN_SECONDS)

    atexit.register(end)


def _watch(
    places: dict[str, Path], changed: Callable[[set[str]], None], stop: threading.Event
) -> None:
    # An editor replaces a file by another; so of a plugin in one file its folder is watched.
    folders = {path if path.is_dir() else path.parent for path in places.values()}
    for batch in watch(
        *folders, watch_filter=DefaultFilter(), stop_event=stop, raise_interrupt=False
    ):
        files = [Path(file).resolve() for _, file in batch]
        touched = {
            source
            for source, path in places.items()
            if any(file.is_relative_to(path) for file in files)
        }
        if touched:
            changed(touched)


def keep_current(catalog: "Catalog") -> None:
    """Look anew at plugins whose source changes, for the pages of this process. Until that is done
    they show what was known before."""

    def look(changed: set[str]) -> None:
        catalog.look_again(changed)
        for listed in catalog.all():
            if listed.source in changed and listed.broken:
                words = "plugin looked at anew integration=%s broken=%r"
                log.warning(words, listed.slug, listed.broken)
            elif listed.source in changed:
                log.info("plugin looked at anew integration=%s", listed.slug)

    follow([listed.source for listed in catalog.all()], look)
