"""What is kept of plugins between starts: whose name is whose, and which ones are switched off.

Kept in the database and not in the data folder, so that all hosts of an installation agree and a
connection's waiting is one condition in SQL.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from andock_core import audit
from andock_core.clock import now
from andock_core.host.sources import Source
from andock_core.storage import SYSTEM, Connection, KnownPlugin, Storage
from andock_sdk import Text

log = logging.getLogger("andock.host")

LOOK_SECONDS = 3.0
"""So long after a switch at most, every running process has noticed it."""


@dataclass(frozen=True)
class Known:
    """A plugin that was seen here; see the table `known_plugin`."""

    distribution: str
    entry_point: str
    slug: str
    title: Text | None
    off: bool

    @property
    def key(self) -> tuple[str, str]:
        """Which entry point it is: of which distribution, by what name."""
        return self.distribution, self.entry_point

    def is_of(self, source: Source) -> bool:
        """Whether it is this entry point."""
        return self.key == (source.distribution, source.name)


class Registry:
    """The table `known_plugin`. Reads again after `LOOK_SECONDS`; a database that is away, or has
    no such table yet, changes nothing of what is known."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._lock = threading.Lock()
        self._known: tuple[Known, ...] = ()
        self._read_at = float("-inf")

    def known(self) -> tuple[Known, ...]:
        """All plugins that were seen here, also those no longer installed."""
        with self._lock:
            if time.monotonic() - self._read_at >= LOOK_SECONDS:
                self._read_at = time.monotonic()
                try:
                    self._known = _read(self._storage)
                except SQLAlchemyError as error:
                    log.warning("plugins not looked up error=%s", type(error).__name__)
            return self._known

    def learn(self, seen: Sequence[Known]) -> None:
        """Keep names and titles of plugins that work; what is known already is not written."""
        before = _read_or_none(self._storage)
        news = [one for one in seen if one not in before]
        if not news:
            return
        try:
            with self._storage.write(SYSTEM) as session:
                for one in news:
                    row = session.get(KnownPlugin, (one.distribution, one.entry_point))
                    if row is None:
                        row = KnownPlugin(
                            distribution=one.distribution, entry_point=one.entry_point
                        )
                        session.add(row)
                    row.slug, row.title = one.slug, one.title.model_dump() if one.title else None
        except IntegrityError:
            log.info("another process has learnt of the plugins")
        except SQLAlchemyError as error:
            log.warning("plugins not kept error=%s", type(error).__name__)
        with self._lock:
            self._read_at = float("-inf")


def switch(storage: Storage, plugin: Known, *, off: bool) -> bool:
    """Switch a plugin off or on, and write it into every company's audit log. False when it was so
    before. With a slug, the connections to it wait, or go on."""
    with storage.write(SYSTEM) as session:
        row = session.get(
            KnownPlugin, (plugin.distribution, plugin.entry_point), with_for_update=True
        )
        if row is None:
            row = KnownPlugin(distribution=plugin.distribution, entry_point=plugin.entry_point)
            row.slug, row.title = plugin.slug, plugin.title.model_dump() if plugin.title else None
            session.add(row)
        if (row.off_at is not None) == off:
            return False
        row.off_at = now() if off else None
        action = "plugin.disabled" if off else "plugin.enabled"
        audit.record_everywhere(session, action, integration=row.slug, plugin=row.distribution)
        return True


def switched_off(storage: Storage) -> list[Known]:
    """The plugins that the operator has switched off."""
    return [known for known in _read(storage) if known.off]


def is_switched_off() -> ColumnElement[bool]:
    """SQL: the connection's integration is switched off."""
    off = select(KnownPlugin.slug).where(KnownPlugin.off_at.is_not(None), KnownPlugin.slug != "")
    return Connection.integration.in_(off)


def _read(storage: Storage) -> tuple[Known, ...]:
    query = select(KnownPlugin).order_by(KnownPlugin.distribution, KnownPlugin.entry_point)
    with storage.read(SYSTEM) as session:
        return tuple(
            Known(
                row.distribution,
                row.entry_point,
                row.slug,
                Text.model_validate(row.title) if row.title else None,
                row.off_at is not None,
            )
            for row in session.scalars(query)
        )


def _read_or_none(storage: Storage) -> tuple[Known, ...]:
    try:
        return _read(storage)
    except SQLAlchemyError:
        return ()
