"""Taking a delete back: what went is handed to the page, sealed, and comes back from it.

Nothing is kept on the server. The seal is bound to the member and to the kind of thing, so it opens
for nobody else and nowhere else, and it opens for ten minutes only (docs/decisions/0007-undo.md).
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from datetime import datetime, timedelta
from typing import Any

from andock_core.clock import now
from andock_core.vault import Label, SealBroken
from andock_web import current

LASTS = timedelta(minutes=10)


class CannotUndo(Exception):
    """The token is too old, somebody else's, or none."""


def token(kind: str, value: Any) -> str:
    """What the page hands back to take a delete back. `kind` ("entry") names the thing; `value`
    is JSON that tells all about it."""
    content = {"until": (now() + LASTS).isoformat(), "value": value}
    sealed = current.core().vault.seal_json(_label(kind), content)
    return urlsafe_b64encode(sealed).decode()


def opened(kind: str, text: object) -> Any:
    """The value of a token. Raises CannotUndo."""
    if not isinstance(text, str):
        raise CannotUndo
    try:
        sealed = urlsafe_b64decode(text.encode())
        content = current.core().vault.open_json(_label(kind), sealed)
    except (NoBase64, ValueError, SealBroken) as error:
        raise CannotUndo from error
    if datetime.fromisoformat(content["until"]) < now():
        raise CannotUndo
    return content["value"]


def _label(kind: str) -> Label:
    member = current.member()
    return Label(member.tenant_id, member.id, f"undo.{kind}", member.id)
