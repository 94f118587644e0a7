"""Rotating the keys while everything runs."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import LargeBinary

from andock_core import config, keys
from andock_core.accounts import create_member, create_tenant
from andock_core.core import open_vault
from andock_core.storage import Connection, Scope, Storage
from andock_core.storage.tables import Base
from andock_core.vault import Label, SealBroken, Vault

LABEL = Label("t", "o", "connection.grant", "c")


def settings(home: Path, **more: str) -> config.Settings:
    return config.load({"ANDOCK_HOME": str(home), **more})


def test_a_running_process_opens_what_a_newer_key_sealed(tmp_path: Path) -> None:
    running = open_vault(settings(tmp_path))
    keys.add_key(tmp_path)
    sealed = open_vault(settings(tmp_path)).seal(LABEL, b"grant")
    assert running.open(LABEL, sealed) == b"grant"


def test_after_that_it_seals_with_the_newer_key(tmp_path: Path) -> None:
    running = open_vault(settings(tmp_path))
    keys.add_key(tmp_path)
    running.open(LABEL, open_vault(settings(tmp_path)).seal(LABEL, b"grant"))
    first = Vault(settings(tmp_path).keys[:1])
    assert first.open(LABEL, running.seal(LABEL, b"new")) == b"new"


def test_what_no_key_opens_stays_broken(tmp_path: Path) -> None:
    running = open_vault(settings(tmp_path))
    stranger = Vault([Fernet.generate_key().decode()])
    with pytest.raises(SealBroken):
        running.open(LABEL, stranger.seal(LABEL, b"grant"))


def test_keys_of_the_environment_are_not_read_from_the_folder(tmp_path: Path) -> None:
    given = settings(tmp_path, ANDOCK_KEYS=Fernet.generate_key().decode())
    assert not given.rotates
    open_vault(given).seal(LABEL, b"grant")
    assert not (tmp_path / config.RING_FILE).exists()


def test_everything_sealed_comes_under_the_first_key(database_url: str, tmp_path: Path) -> None:
    storage = Storage(database_url)
    ids = _connections(storage, open_vault(settings(tmp_path)), count=3)
    keys.add_key(tmp_path)
    assert keys.reseal(storage, open_vault(settings(tmp_path))) == keys.Resealed(3, 0)
    assert keys.reseal(storage, open_vault(settings(tmp_path))) == keys.Resealed(0, 0)
    assert keys.drop_old_keys(tmp_path) == 1
    only = open_vault(settings(tmp_path))
    with storage.read(Scope(ids[0])) as session:
        for row in session.query(Connection):
            label = Label(row.tenant_id, row.owner_id, "connection.grant", row.id)
            assert only.open(label, row.grant or b"") == b"grant"
    storage.close()


def test_a_value_that_no_key_opens_is_counted_and_left(sqlite_url: str, tmp_path: Path) -> None:
    storage = Storage(sqlite_url)
    _connections(storage, Vault([Fernet.generate_key().decode()]), count=1)
    assert keys.reseal(storage, open_vault(settings(tmp_path))) == keys.Resealed(0, 1)
    storage.close()


def test_only_pictures_are_binary_and_not_sealed() -> None:
    binary = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    sealed = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in keys.sealed_columns(table)
    }
    assert binary - sealed == keys.NOT_SEALED


def _connections(storage: Storage, vault: Vault, count: int) -> tuple[str, str]:
    tenant = create_tenant(storage, "acme", "Acme")
    member = create_member(storage, tenant, "a@acme.example", "Anna", "a long password")
    with storage.write(Scope(tenant, member)) as session:
        for number in range(count):
            row_id = f"{number:032x}"
            label = Label(tenant, member, "connection.grant", row_id)
            session.add(
                Connection(
                    id=row_id,
                    tenant_id=tenant,
                    owner_id=member,
                    integration="some",
                    grant=vault.seal(label, b"grant"),
                )
            )
    return tenant, member
