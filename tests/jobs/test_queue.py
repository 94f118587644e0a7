"""The queues: ids only, as JSON."""

import json
import zlib

import pytest
from redis import Redis

from andock_core.jobs.queue import SECONDS, TASKS, Queue, QueueDown


def test_a_job_is_json_with_ids(redis_url: str) -> None:
    """Nothing in Redis needs Python's pickle, which would run what it reads."""
    job = Queue(redis_url).enqueue("interactive", "sync", "c1", "manual")
    stored = Redis.from_url(redis_url).hget(job.key, "data")
    assert isinstance(stored, bytes)
    assert json.loads(zlib.decompress(stored)) == [f"{TASKS}.sync", None, ["c1", "manual"], {}]


def test_a_job_leaves_nothing_behind(redis_url: str) -> None:
    """Its result is thrown away, its failure forgotten soon, its time limited."""
    job = Queue(redis_url).enqueue("background", "test", "a1")
    assert job.result_ttl == 0
    assert job.failure_ttl is not None
    assert job.failure_ttl <= 3600
    assert job.timeout is not None
    assert job.timeout > SECONDS["test"]


def test_waiting_counts_both_queues(redis_url: str) -> None:
    """None waiting means that whatever was queued has been taken up, or is lost."""
    queue = Queue(redis_url)
    assert queue.waiting() == 0
    queue.enqueue("interactive", "search", "a1")
    queue.enqueue("background", "sync", "c1", "schedule")
    assert queue.waiting() == 2


def test_redis_being_away_is_one_clear_error() -> None:
    """Whichever way it is away; its key is for the page."""
    away = Queue("unix:///nowhere/valkey.sock")
    with pytest.raises(QueueDown) as down:
        away.enqueue("interactive", "sync", "c1", "manual")
    assert down.value.key == "queue.down"
    with pytest.raises(QueueDown):
        Queue("redis://127.0.0.1:1/0").waiting()
