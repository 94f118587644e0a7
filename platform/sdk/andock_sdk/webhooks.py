"""Calls from the other side: what a plugin declares about them, gets, and answers.

`Context.webhook_url(name)` is an address under the plugin's own path, /hooks/<slug>/<token>. The
web takes a call to it, keeps it and answers 202 at once; the hook `webhook` gets it in a worker. No
plugin's code runs while the caller waits, so what a caller wants answered at once is declared as
data: see `Handshake`.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

MOST_BYTES = 64 * 1024
"""Of a call's body."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Handshake(_Data):
    """How a caller checks that the address is ours: it sends `parameter` in the query and wants its
    value back, as plain text with the status 200. Such a call is not handed to the hook."""

    parameter: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,60}$")


class HookRequest(_Data):
    """A call from the other side, or from anyone who learnt the address: check what it says.

    `name` is what the address was made for, `method` HTTP's, `query` and `body` what was sent,
    `received_at` when (aware, in UTC). `headers` has those that the listing names
    (`webhook_headers`), in lower case, and content-type. Of a parameter given twice
    the last value counts.
    """

    name: str
    method: str
    headers: dict[str, str] = {}
    query: dict[str, str] = {}
    body: bytes = Field(default=b"", max_length=MOST_BYTES, repr=False)
    received_at: datetime


class HookAnswer(_Data):
    """What a call means. `sync`: something changed, a run is to start soon; many calls at once make
    one run."""

    sync: bool = False
