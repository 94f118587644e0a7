"""How often one may try: signing in, and what makes Andock call a server.

Counted where the queues are, so that all web processes count together; when that cannot be reached,
each process counts for itself.
"""

import hashlib
import logging
from typing import TYPE_CHECKING

from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from andock_core.accounts import MemberInfo

_KEY = "andock_limits"
PER_ADDRESS = parse("50 per 10 minutes")
PER_ADDRESS_AND_ACCOUNT = parse("10 per 15 minutes")
PER_ACCOUNT = parse("200 per 1 hour")
PER_MEMBER = parse("30 per 10 minutes")
log = logging.getLogger("andock.web")


class Limits:
    """Counts in Redis or Valkey, else here. Connects on first use."""

    def __init__(self, redis_url: str) -> None:
        self._shared = MovingWindowRateLimiter(_storage(redis_url))
        self._own = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, rule: RateLimitItem, *who: str) -> bool:
        """Count one try; False when there were too many already."""
        try:
            return self._shared.hit(rule, *who)
        except (RedisError, OSError):
            return self._own.hit(rule, *who)

    def may(self, rule: RateLimitItem, *who: str) -> bool:
        """Whether one more try would be allowed. Counts nothing."""
        try:
            return self._shared.test(rule, *who)
        except (RedisError, OSError):
            return self._own.test(rule, *who)


def init_app(app: Flask) -> None:
    """Set up the counting."""
    app.extensions[_KEY] = Limits(app.extensions["andock_core"].settings.redis_url)


def may_sign_in(email: str) -> bool:
    """Whether another try is allowed from this address and for this account."""
    return all(_limits().may(rule, "sign-in", *who) for rule, who in _sign_in_rules(email))


def count_failed_sign_in(email: str) -> None:
    """A wrong password, or an account that is not there: counted alike."""
    for rule, who in _sign_in_rules(email):
        _limits().hit(rule, "sign-in", *who)


def may_call_out(member: "MemberInfo") -> bool:
    """Count a test or a search of this member; False when there were too many."""
    return _limits().hit(PER_MEMBER, "call-out", member.id)


def _limits() -> Limits:
    found: Limits = current_app.extensions[_KEY]
    return found


def _sign_in_rules(email: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
    """Who tries, who tries whom, and who is tried: the last so wide that nobody is locked out of
    their account by a stranger's few tries."""
    address, account = request.remote_addr or "unknown", _digest(email)
    return [
        (PER_ADDRESS, (address,)),
        (PER_ADDRESS_AND_ACCOUNT, (address, account)),
        (PER_ACCOUNT, (account,)),
    ]


def _digest(email: str) -> str:
    """An address is nobody's business in Redis."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def _storage(redis_url: str) -> Storage:
    address = redis_url.replace("unix://", "redis+unix://", 1)
    found = storage_from_string(address, socket_connect_timeout=1, socket_timeout=1)
    assert isinstance(found, Storage)  # noqa: S101 - the asynchronous ones begin with async+
    return found
