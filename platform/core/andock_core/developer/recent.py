"""The newest calls of plugins' code, in a ring that all processes share.

It lies in Redis: nobody misses it when it is gone. It holds names, durations and keys, nothing of
anybody's data and no id of anybody's.
"""

import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime

from redis import Redis
from redis.exceptions import RedisError

from andock_core.host.tracing import Call

KEY = "andock:hook-calls"
MOST = 300
KEPT_SECONDS = 24 * 3600
AGAIN_SECONDS = 30.0
TIMEOUT_SECONDS = 0.5


class RecentCalls:
    """The ring. A Redis that does not answer costs a call half a second, and then is left alone
    for half a minute."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(
            redis_url, socket_connect_timeout=TIMEOUT_SECONDS, socket_timeout=TIMEOUT_SECONDS
        )
        self._lock = threading.Lock()
        self._pause_until = 0.0

    def add(self, call: Call) -> None:
        """Keep a call. Never raises because of Redis."""
        if time.monotonic() < self._pause_until:
            return
        value = [call.integration, call.call, call.milliseconds, call.result, call.error]
        line = json.dumps([*value, call.at.isoformat()])
        try:
            with self._lock, self._redis.pipeline(transaction=False) as pipeline:
                pipeline.lpush(KEY, line)
                pipeline.ltrim(KEY, 0, MOST - 1)
                pipeline.expire(KEY, KEPT_SECONDS)
                pipeline.execute()
        except (RedisError, OSError):
            self._pause_until = time.monotonic() + AGAIN_SECONDS

    def newest(self) -> list[Call]:
        """All that are kept, the newest first; none when Redis is away."""
        try:
            with self._lock:
                lines = self._redis.lrange(KEY, 0, MOST - 1)
        except (RedisError, OSError):
            return []
        return list(_read(lines))  # type: ignore[arg-type]  # redis types its answers as a union


def _read(lines: list[bytes]) -> Iterator[Call]:
    for line in lines:
        try:
            slug, name, milliseconds, result, error, at = json.loads(line)
            yield Call(slug, name, milliseconds, result, error, datetime.fromisoformat(at))
        except (ValueError, TypeError):
            continue  # another version's
