"""How often one may try: signing in, opening links, and what makes Andock call a server.

Counted where the queues are, so that all web processes count together; when that cannot be reached,
each process counts for itself.
"""

import hashlib
import math
import time

from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from andock_web import current

_KEY = "andock_limits"
PER_ADDRESS = parse("50 per 10 minutes")
PER_ADDRESS_AND_ACCOUNT = parse("10 per 15 minutes")
PER_ACCOUNT = parse("200 per 1 hour")
LETTERS_PER_ADDRESS = parse("20 per 1 hour")
LETTERS_PER_ACCOUNT = parse("3 per 1 hour")
PER_ADDRESS_LINKS = parse("20 per 10 minutes")
CALLS = parse("30 per 10 minutes")
"""Tests, searches, diagnoses, previews of one member: each begins something new at once."""
RUNS = parse("120 per 10 minutes")
"""Runs that one member asks for. They are many when somebody works off a list of conflicts, and a
connection runs once at a time however often it is asked."""

PER_HOOK = parse("600 per 1 minute")
PER_GUESS = parse("60 per 10 minutes")
"""Calls from the other side: to one address, and to addresses that are none, from one caller."""


class TooManyCalls(Exception):
    """The member has to wait, so many `seconds`. Error key for pages: "calls.too_many"."""

    key = "calls.too_many"

    def __init__(self, seconds: int) -> None:
        super().__init__(self.key)
        self.seconds = seconds


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

    def wait(self, rule: RateLimitItem, *who: str) -> int:
        """In how many seconds one more try is allowed; at least one."""
        try:
            free_at = self._shared.get_window_stats(rule, *who).reset_time
        except (RedisError, OSError):
            free_at = self._own.get_window_stats(rule, *who).reset_time
        return max(1, math.ceil(free_at - time.time()))


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


def call_out(rule: RateLimitItem | None = None) -> None:
    """Count what makes Andock call a server in the signed-in member's name: CALLS, or RUNS.

    Raises TooManyCalls; errors.py answers it.
    """
    who = ("call-out", current.member().id)
    rule = rule or CALLS
    if not _limits().hit(rule, *who):
        raise TooManyCalls(_limits().wait(rule, *who))


def may_open_link(kind: str) -> bool:
    """Whether this address may try one more link of a kind. A link's secret cannot be guessed;
    this keeps trying from costing anything."""
    return _limits().may(PER_ADDRESS_LINKS, "link", kind, request.remote_addr or "unknown")


def count_missed_link(kind: str) -> None:
    """The link was none."""
    _limits().hit(PER_ADDRESS_LINKS, "link", kind, request.remote_addr or "unknown")


def may_invite(email: str) -> bool:
    """Count an invitation of this address, in whatever company: nobody is buried in mail."""
    return _limits().hit(LETTERS_PER_ACCOUNT, "invitation", _digest(email))


def may_ask_for_letter(email: str) -> bool:
    """Count somebody who has a link mailed to this account, whether there is one or not."""
    address = request.remote_addr or "unknown"
    return _limits().hit(LETTERS_PER_ADDRESS, "letter", address) and _limits().hit(
        LETTERS_PER_ACCOUNT, "letter", _digest(email)
    )


def may_call_in(address_id: str) -> bool:
    """Count a call from the other side to one of our addresses; False: too many."""
    return _limits().hit(PER_HOOK, "hook", address_id)


def may_guess() -> bool:
    """Count a call to an address that is none; False: this caller tried too many."""
    return _limits().hit(PER_GUESS, "hook-guess", request.remote_addr or "unknown")


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
