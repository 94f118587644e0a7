"""What core hands to a plugin's code: the only ways to the network, the clock and storage."""

import logging
import socket
import ssl
from datetime import datetime
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from andock_sdk.forms import Answers
from andock_sdk.network import Address, Certificate

JSON = None | bool | int | float | str | list["JSON"] | dict[str, "JSON"]
"""What a notebook holds: whatever JSON can say."""


class Grant(BaseModel):
    """What authorizing yields. Sealed at rest, never logged, never in a job.

    `secrets` hides its content from repr. `facts` is what a test learnt (see `TestReport`). The
    fact "ends_at" (date and time in ISO format, with offset) says when the secret ends: a company's
    admins see it from fourteen days before.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    secrets: dict[str, str]
    facts: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"Grant(secrets=<{len(self.secrets)} hidden>)"

    __str__ = __repr__


class Egress(Protocol):
    """Outgoing connections under the operator's policy.

    Servers typed in by members are outgoing requests: every socket is opened here, and the
    policy is applied to the address that is really connected to.
    """

    def connect(self, host: str, port: int, timeout: float) -> socket.socket:
        """A connected TCP socket. Raises EgressRefused; OSError as usual."""

    def tls(self, host: str, port: int) -> ssl.SSLContext:
        """Verifying TLS settings for one server: the system's authorities, the operator's and the
        company's own, or the very certificate that the company's admin approved for this host and
        port. Then no other passes: the handshake raises CertificateChanged."""

    def addresses(self, host: str, port: int) -> list[Address]:
        """Where a name leads, and whether the policy lets it be called. Raises OSError."""

    def certificate(self, host: str, port: int, timeout: float) -> Certificate:
        """The certificate that a server shows, trusted or not; nothing else is said to it.
        Raises EgressRefused; OSError as usual."""

    def srv(self, name: str) -> list[tuple[str, int]]:
        """DNS SRV targets of `name` as (host, port), best first; empty when none."""


class State(Protocol):
    """The connector's own small notebook, kept sealed by core per connection."""

    def get(self, name: str) -> JSON:
        """What was put under `name`, or None."""

    def put(self, name: str, value: JSON) -> None:
        """Keep `value`, at most 64 kB as JSON. Stored when the call that is under way ends."""


class Context(Protocol):
    """The plugin's surroundings for one hook call or one run."""

    @property
    def egress(self) -> Egress: ...

    @property
    def state(self) -> State: ...

    @property
    def log(self) -> logging.Logger: ...

    @property
    def invitations(self) -> bool:
        """Whether the member wants attendees to be told of what Andock writes. Where it is
        false, a connector that can write silently does."""

    @property
    def zone(self) -> str:
        """The member's time zone, an IANA name."""

    @property
    def facts(self) -> dict[str, str]:
        """What tests learnt of the connection's grant (see `TestReport`); empty before the first
        good one, and where there is no connection."""

    @property
    def operator(self) -> Answers:
        """What whoever runs Andock filled into the listing's `operator_form`, passwords too."""

    @property
    def callback_url(self) -> str:
        """Where another site's sign-in sends the member back to, for every plugin the same."""

    def webhook_url(self, name: str) -> str:
        """The connection's address for calls from the other side, made at the first asking and the
        same ever after. `name` tells several apart (lower-case letters, digits, "-"). Empty when
        Andock has no public https address: then poll. (On a loopback address it is http, for a
        stand-in on the same machine.) Raises PluginBug outside a connection."""

    def make_due(self) -> None:
        """The connection is to be synchronised soon; asking again before that changes nothing.
        Raises PluginBug outside a connection."""

    def replace_grant(self, grant: Grant) -> None:
        """The grant changed by itself (a rotated refresh token): keep the new one at once, sealed.
        It counts for what runs now and afterwards, also when the present call fails. Outside a
        connection, or when the member reconnected meanwhile, nothing is kept."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""

    def server_for(self, domain: str) -> str:
        """The server that the operator named for a mail domain, "host" or "host:port"; or ""."""
