"""`andock doctor`: is this installation well?"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import click
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from andock_command.opened import CannotGoOn, core
from andock_core import clock
from andock_core.authorizing import operator
from andock_core.core import Core, extra_plugins
from andock_core.governance.repairs import REGISTRATION_SOON
from andock_core.host import Catalog, Listed, breaker
from andock_core.jobs.lease import runnable
from andock_core.jobs.queue import NAMES, QueueDown
from andock_core.storage import SYSTEM, Connection, migrate
from andock_core.storage.tables import Base

LATE = timedelta(minutes=10)
FEW_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `state`: well, mind (it works, but look), bad."""

    what: str
    state: str
    words: str
    helps: str = ""


@click.command()
def doctor() -> None:
    """Look at settings, database, queues, workers, keys, plugins and disk. Ends with 1 if bad."""
    bad = False
    with core(current=False) as opened:
        for finding in examine(opened):
            bad = bad or finding.state == "bad"
            click.echo(f"{finding.state:<5} {finding.what:<10} {finding.words}")
            if finding.helps:
                click.echo(f"{'':<16} {finding.helps}")
    if bad:
        raise CannotGoOn("Something needs a hand, see above.")


def examine(opened: Core) -> Iterator[Finding]:
    """Everything there is to look at, one after the other."""
    database = _database(opened)
    yield database
    checks: list[Callable[[Core], Finding]] = [_queues, _workers, _address, _disk]
    if database.state == "well":
        checks = [_keys, _due, *checks]
    for look in checks:
        yield look(opened)
    found = (opened.catalog if database.state == "well" else Catalog(extra_plugins())).all()
    yield from _plugins(found)
    if database.state == "well":
        yield from _aside(opened, found)
        yield from _secrets(opened, found)


def _database(opened: Core) -> Finding:
    try:
        with opened.storage.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        kind = opened.storage.engine.dialect.name
        if migrate.is_current(opened.settings.database_url):
            return Finding("database", "well", f"{kind}, newest schema")
    except SQLAlchemyError as error:
        helps = "Check DATABASE_URL, and that the server runs."
        return Finding("database", "bad", f"cannot be reached: {type(error).__name__}", helps)
    return Finding("database", "bad", f"{kind}, another schema", "andock migrate")


def _keys(opened: Core) -> Finding:
    """One sealed value of each table opens, and so the ring is the right one."""
    from andock_core.keys import sealed_columns
    from andock_core.vault import SealBroken

    opened_values = 0
    with opened.storage.read(SYSTEM) as session:
        for table in Base.metadata.sorted_tables:
            for column in sealed_columns(table):
                value = session.scalar(select(column).where(column.is_not(None)).limit(1))
                if value is None:
                    continue
                try:
                    opened.vault.rotate(value)
                except SealBroken:
                    helps = "Was the data folder's vault.keys (or ANDOCK_KEYS) replaced?"
                    return Finding("keys", "bad", f"{table.name} does not open", helps)
                opened_values += 1
    where = "the data folder" if opened.settings.rotates else "ANDOCK_KEYS"
    return Finding("keys", "well", f"{len(opened.settings.keys)} from {where}")


def _due(opened: Core) -> Finding:
    with opened.storage.read(SYSTEM) as session:
        late = session.scalar(
            select(func.count(Connection.id)).where(
                runnable(), Connection.next_due_at < clock.now() - LATE
            )
        )
    if late:
        helps = "Is a dispatcher running? andock work, or a worker with --scheduler."
        return Finding("schedule", "bad", f"{late} connections are overdue", helps)
    return Finding("schedule", "well", "no connection is overdue")


def _queues(opened: Core) -> Finding:
    try:
        return Finding("queues", "well", f"{opened.queue.waiting()} jobs wait")
    except QueueDown:
        helps = "Check REDIS_URL. Without one, andock work starts a server of its own."
        return Finding("queues", "bad", "cannot be reached", helps)


def _workers(opened: Core) -> Finding:
    try:
        listening = opened.queue.listening()
    except QueueDown:
        return Finding("workers", "bad", "unknown, the queues cannot be reached")
    missing = [name for name in NAMES if not listening.get(name)]
    words = ", ".join(f"{name}: {listening.get(name, 0)}" for name in NAMES)
    if missing:
        return Finding("workers", "bad", words, "andock work")
    return Finding("workers", "well", words)


def _address(opened: Core) -> Finding:
    address = opened.settings.base_url
    if address.startswith("https://") or "//127.0.0.1" in address or "//localhost" in address:
        return Finding("address", "well", address)
    helps = "Put a reverse proxy with a certificate in front: passwords travel in the clear."
    return Finding("address", "mind", f"{address} is plain http", helps)


def _disk(opened: Core) -> Finding:
    free = shutil.disk_usage(opened.settings.home).free
    words = f"{free // (1024 * 1024)} MB free in {opened.settings.home}"
    return Finding("disk", "mind" if free < FEW_BYTES else "well", words)


def _secrets(opened: Core, found: list[Listed]) -> Iterator[Finding]:
    """Secrets of the installation itself that end soon."""
    for listed in found:
        ends = operator.ends_at(opened, listed.listing) if listed.listing else None
        if ends is not None and ends <= clock.now() + REGISTRATION_SOON:
            ended = ends <= clock.now()
            words = f"{listed.slug}: its secret {'ended' if ended else 'ends'} on {ends:%Y-%m-%d}"
            helps = f"Make a new one, then: andock plugins configure {listed.slug} --check"
            yield Finding("secret", "bad" if ended else "mind", words, helps)


def _aside(opened: Core, found: list[Listed]) -> Iterator[Finding]:
    """Calls of plugins that are not made any more."""
    for one in breaker.set_aside(opened.storage, found):
        words = f"{one.integration}: {one.call} set aside since {one.since:%Y-%m-%d %H:%M} UTC"
        helps = f"It fails: {one.error}. Once mended: andock plugins enable {one.integration}"
        yield Finding("plugin", "mind", words, helps)


def _plugins(found: list[Listed]) -> Iterator[Finding]:
    for listed in found:
        if listed.off:
            yield Finding("plugin", "well", f"{listed.slug or listed.name} is switched off")
            continue
        state = "bad" if listed.broken else "well"
        yield Finding("plugin", state, f"{listed.slug} {listed.version} {listed.broken}".rstrip())
