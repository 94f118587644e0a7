"""The audit log is only ever added to: refused by the storage layer, and by the database itself.

The triggers are made after every migration and not in one, because a migration that rebuilds a
table (SQLite) loses its triggers without a word.
"""

from typing import Any

from sqlalchemy import Connection as SqlConnection, event
from sqlalchemy.orm import ORMExecuteState, Session

from andock_core.storage.tables.audit import SHORTEST_DAYS, AuditEntry

TIDYING = "andock_tidies_audit"
"""The execution option of the one statement that may delete: housekeeping's."""
_WORDS = "the audit log is append-only"
_SLACK = SHORTEST_DAYS - 1
"""One day less: the clock of the database's host need not be ours."""


class AppendOnly(Exception):
    """An entry of the audit log was about to be changed or deleted."""


_SQLITE = f"""
CREATE TRIGGER IF NOT EXISTS audit_entry_keep BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END
--
CREATE TRIGGER IF NOT EXISTS audit_entry_stay BEFORE DELETE ON audit_entry
WHEN OLD.at > strftime('%Y-%m-%d %H:%M:%f', 'now', '-{_SLACK} days')
BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END
--
CREATE TRIGGER IF NOT EXISTS audit_entry_once BEFORE INSERT ON audit_entry
WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END
"""  # noqa: S608 - made of constants. The last one: INSERT OR REPLACE deletes past the second.
_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_WORDS}'; END $$
--
DO $$ BEGIN
IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = 'audit_entry_keep'
               AND tgrelid = 'audit_entry'::regclass) THEN
    CREATE TRIGGER audit_entry_keep BEFORE UPDATE ON audit_entry
        FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse();
    CREATE TRIGGER audit_entry_stay BEFORE DELETE ON audit_entry
        FOR EACH ROW WHEN (OLD.at > now() - interval '{_SLACK} days')
        EXECUTE FUNCTION audit_entry_refuse();
    CREATE TRIGGER audit_entry_empty BEFORE TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse();
END IF; END $$
"""  # noqa: S608 - made of constants


def install(connection: SqlConnection) -> None:
    """Make the triggers where they are missing."""
    statements = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
    for statement in statements.split("\n--\n"):
        connection.exec_driver_sql(statement)


@event.listens_for(Session, "before_flush")
def _refuse_rows(session: Session, _context: Any, _instances: Any) -> None:
    """Refuses changed and deleted rows."""
    for row in (*session.dirty, *session.deleted):
        if isinstance(row, AuditEntry) and (row in session.deleted or session.is_modified(row)):
            raise AppendOnly(_WORDS)


@event.listens_for(Session, "do_orm_execute")
def _refuse_statements(state: ORMExecuteState) -> None:
    """Refuses updates, and deletes that are not housekeeping's."""
    if not (state.is_update or state.is_delete):
        return
    mapper = state.bind_mapper
    if mapper is None or mapper.class_ is not AuditEntry:
        return
    if state.is_update or not state.execution_options.get(TIDYING, False):
        raise AppendOnly(_WORDS)
