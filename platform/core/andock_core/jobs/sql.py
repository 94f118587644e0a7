"""Compare-and-set in SQL."""

from typing import Any

from sqlalchemy import CursorResult, Update
from sqlalchemy.orm import Session


def changed(session: Session, statement: Update) -> int:
    """How many rows the update changed. Rows already loaded in the session stay as they are."""
    result: Any = session.execute(statement, execution_options={"synchronize_session": False})
    found: CursorResult[Any] = result
    return found.rowcount
