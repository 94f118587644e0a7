"""The key ring: where it lies, and how a new first key takes over while everything runs.

A process whose ring lacks a key reads the file again (see `Vault`), so a rotation needs no restart.
"""

from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import Column, LargeBinary, Table, bindparam, select, update
from sqlalchemy.orm import Session

from andock_core.config import RING_FILE, key_ring
from andock_core.files import replace_private
from andock_core.storage import SYSTEM, Storage
from andock_core.storage.tables import Base
from andock_core.vault import SealBroken, Vault

BATCH = 200
NOT_SEALED = frozenset({"member.picture", "contact.photo"})
"""The binary columns that are pictures. Every other one holds sealed values."""


@dataclass(frozen=True)
class Resealed:
    """What a rotation did: values now under the first key, and those that no key opens."""

    values: int
    broken: int


def add_key(home: Path) -> None:
    """Put a fresh key first. The older ones go on opening what they sealed."""
    keys = [Fernet.generate_key().decode(), *key_ring(home)]
    replace_private(home / RING_FILE, "\n".join(keys) + "\n")


def drop_old_keys(home: Path) -> int:
    """Keep the first key alone; how many went. Only after everything was resealed."""
    first, *old = key_ring(home)
    replace_private(home / RING_FILE, first + "\n")
    return len(old)


def reseal(storage: Storage, vault: Vault) -> Resealed:
    """Put every sealed value under the vault's first key, in small transactions.

    Meanwhile others may write: a value that changed since it was read is left as it is.
    """
    values = broken = 0
    for table in Base.metadata.sorted_tables:
        for column in sealed_columns(table):
            after: tuple[object, ...] | None = None
            while True:
                with storage.write(SYSTEM) as session:
                    rows = _page(session, table, column, after)
                    done, failed = _reseal_rows(session, vault, table, column, rows)
                values, broken = values + done, broken + failed
                if len(rows) < BATCH:
                    break
                after = tuple(rows[-1][:-1])
    return Resealed(values, broken)


def sealed_columns(table: Table) -> list["Column[bytes]"]:
    """The columns of a table that hold sealed values."""
    return [
        column
        for column in table.columns
        if isinstance(column.type, LargeBinary) and f"{table.name}.{column.name}" not in NOT_SEALED
    ]


def _page(
    session: Session, table: Table, column: "Column[bytes]", after: tuple[object, ...] | None
) -> list[tuple[object, ...]]:
    """The next rows by primary key: (key, sealed value)."""
    (key,) = table.primary_key.columns
    query = select(key, column).where(column.is_not(None)).order_by(key).limit(BATCH)
    if after is not None:
        query = query.where(key > after[0])
    return [tuple(row) for row in session.execute(query)]


def _reseal_rows(
    session: Session,
    vault: Vault,
    table: Table,
    column: "Column[bytes]",
    rows: list[tuple[object, ...]],
) -> tuple[int, int]:
    (key,) = table.primary_key.columns
    statement = (
        update(table)
        .where(key == bindparam("at"), column == bindparam("old"))
        .values({column.name: bindparam("new")})
    )
    done = failed = 0
    for at, old in rows:
        if not isinstance(old, bytes):
            continue
        try:
            new = vault.rotate(old)
        except SealBroken:
            failed += 1
            continue
        if new != old:
            session.connection().execute(statement, {"at": at, "old": old, "new": new})
            done += 1
    return done, failed
