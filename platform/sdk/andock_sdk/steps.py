"""Long work as people see it: named steps that tick off one by one."""

from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict

from andock_sdk.text import Text


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Step(_Data):
    """One step, its `title` and its `state`. Reported again under the same `key` when that changes.

    `milliseconds` is how long it took, once it has ended. `detail` is what was found, and never
    carries a secret. A diagnosis says more: what was `tried`, what the result `means`, and what
    to do (`advice`).
    """

    key: str
    title: Text
    state: Literal["waiting", "running", "done", "failed", "skipped"]
    detail: Text | None = None
    milliseconds: int | None = None
    tried: Text | None = None
    means: Text | None = None
    advice: Text | None = None


Report = Callable[[Step], None]
"""Hands a step to the page that waits for it."""


class Account(_Data):
    """Whose account was reached. `key` is stable and tells accounts apart (a mailbox's GUID or
    its lower-case primary address), `label` is for people."""

    key: str
    label: str


class Elsewhere(_Data):
    """Another integration is the right one for this account.

    `integration` is its slug; a page offers it only where it is installed and the member may add
    it. `answers` are carried over into its form, never a password.
    """

    integration: str
    answers: dict[str, str] = {}


class TestReport(_Data):
    """How a test ended. `error` is a message key, empty when all went well; `account` is whose
    account was reached. `elsewhere` names the integration that is right for it, if another is.

    `facts` is what the test learnt and later calls need (server version, offered sign-in). They
    are stored with the grant and handed to every later call. `confirm` names a host that the other
    side led to, and that the member must see and agree to before any password goes there.
    """

    __test__ = False  # not a test class, whatever pytest makes of the name

    account: Account | None = None
    error: str = ""
    facts: dict[str, str] = {}
    confirm: str = ""
    elsewhere: Elsewhere | None = None


class Discovered(_Data):
    """Where the server is. `server` fills the field marked `found_by_search`.

    `confirm` names a host of another domain that the member must agree to before any password
    goes there; `server` is then that host. `error` is a message key when nothing was found,
    `elsewhere` as in `TestReport`.
    """

    server: str = ""
    confirm: str = ""
    error: str = ""
    elsewhere: Elsewhere | None = None


class Diagnosis(_Data):
    """How a diagnosis ended. `error` is the key of the first thing that went wrong, empty when all
    is well; `confirm` as in `TestReport`."""

    error: str = ""
    confirm: str = ""
