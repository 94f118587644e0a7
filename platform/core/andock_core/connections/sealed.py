"""The sealed columns of connections and attempts: who may open what, in one place."""

from typing import Any

from andock_core.storage import Attempt, Collection, Connection
from andock_core.vault import Label, Vault
from andock_sdk import Answers, Grant, Step


def seal(vault: Vault, row: Connection | Attempt, column: str, value: Any) -> bytes:
    """A JSON value sealed for one column of one row; the row's id must be set."""
    return vault.seal_json(_label(row, column), value)


def open_sealed(vault: Vault, row: Connection | Attempt, column: str) -> Any:
    """The JSON value of a sealed column, None when the column is empty. Raises SealBroken."""
    sealed = getattr(row, column)
    return None if sealed is None else vault.open_json(_label(row, column), sealed)


def seal_grant(vault: Vault, connection: Connection, grant: Grant) -> bytes:
    """A grant, sealed for its connection."""
    return seal(vault, connection, "grant", grant.model_dump())


def open_grant(vault: Vault, connection: Connection) -> Grant | None:
    """The connection's grant, with the facts that its test learnt. None before the first test."""
    value = open_sealed(vault, connection, "grant")
    return None if value is None else Grant.model_validate(value)


def open_settings(vault: Vault, connection: Connection) -> Answers:
    """What the member chose, by field; empty before the first choice."""
    return open_sealed(vault, connection, "settings") or {}


def open_steps(vault: Vault, attempt: Attempt) -> tuple[Step, ...]:
    """The steps that an attempt has reported so far, in the order of their first report."""
    return tuple(Step.model_validate(step) for step in open_sealed(vault, attempt, "steps") or [])


def seal_name(vault: Vault, collection: Collection, owner_id: str, name: str) -> bytes:
    """A remote calendar's name: its owner's alone."""
    return vault.seal_json(_name_label(collection, owner_id), name)


def open_name(vault: Vault, collection: Collection, owner_id: str) -> str:
    """A remote calendar's name, empty when it is not known."""
    if collection.name is None:
        return ""
    return str(vault.open_json(_name_label(collection, owner_id), collection.name))


def _label(row: Connection | Attempt, column: str) -> Label:
    return Label(row.tenant_id, row.owner_id, f"{row.__tablename__}.{column}", row.id)


def _name_label(collection: Collection, owner_id: str) -> Label:
    return Label(collection.tenant_id, owner_id, "collection.name", collection.id)
