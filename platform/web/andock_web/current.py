"""What a view asks for first: the core, who is signed in, and in whose name to query."""

from typing import TYPE_CHECKING, Any, cast

from flask import current_app
from flask_login import current_user

from andock_core.accounts import MemberInfo
from andock_core.storage import Scope

if TYPE_CHECKING:
    from andock_core.core import Core


def core() -> "Core":
    """The core that this application serves."""
    return cast("Core", current_app.extensions["andock_core"])


def member_or_none() -> MemberInfo | None:
    """Who is signed in, if anybody."""
    user: Any = current_user
    return user.info if user and user.is_authenticated else None


def member() -> MemberInfo:
    """Who is signed in. Only for views that need a sign-in, which all do unless they say so."""
    found = member_or_none()
    if found is None:
        raise RuntimeError("nobody is signed in: the view is marked public")
    return found


def scope() -> Scope:
    """What the signed-in member's sessions may see: `core().storage.read(scope())`."""
    return member().scope
