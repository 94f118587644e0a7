"""The queues. Redis holds them and nothing else: what is due stands in SQL."""

from typing import Literal
from uuid import uuid4

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue as RqQueue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from andock_core.logs import present

QueueName = Literal["interactive", "background"]
NAMES: tuple[QueueName, ...] = ("interactive", "background")

TASKS = "andock_core.jobs.tasks"
SECONDS = {
    "search": 90,
    "test": 240,
    "choices": 120,
    "doctor": 260,
    "preview": 1800,
    "pairing": 1800,
    "sync": 3600,
    "observe": 30,
    "webhook": 90,
    "own_job": 630,
    "check_operator": 90,
    "mail_notice": 60,
    "mail_password": 60,
}
"""How long each task may take in all. It ends itself then; RQ is the outer fence."""
GRACE_SECONDS = 30
FAILURE_SECONDS = 600
KEEP_QUEUED_SECONDS = 24 * 3600
REQUEST = "request"
"""Under this name a job carries the id of the web request that asked for it, for the logs."""


class QueueDown(Exception):
    """Redis cannot be reached. What was asked for is kept in SQL and done later.

    Error key for pages: "queue.down".
    """

    key = "queue.down"


class Queue:
    """Both queues of one Redis or Valkey. Connects on first use."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._redis = _client(url)

    def enqueue(self, name: QueueName, task: str, *ids: str, first: bool = False) -> Job:
        """Put `task` (a function of jobs/tasks.py) into a queue, before all others when `first`.
        Ids only, never content.

        Raises QueueDown.
        """
        try:
            return self._queue(name).enqueue_call(
                f"{TASKS}.{task}",
                args=ids,
                job_id="-".join((task, ids[0], uuid4().hex)),
                timeout=SECONDS[task] + GRACE_SECONDS,
                result_ttl=0,
                failure_ttl=FAILURE_SECONDS,
                ttl=KEEP_QUEUED_SECONDS,
                description=" ".join((task, *ids)),
                at_front=first,
                meta={REQUEST: present(REQUEST)},
            )
        except (RedisError, OSError) as error:
            raise QueueDown from error

    def waiting(self) -> int:
        """How many jobs wait in both queues. Raises QueueDown."""
        try:
            return sum(self._queue(name).count for name in NAMES)
        except (RedisError, OSError) as error:
            raise QueueDown from error

    def listening(self) -> dict[str, int]:
        """How many workers serve each queue. Raises QueueDown."""
        try:
            return {name: Worker.count(queue=self._queue(name)) for name in NAMES}
        except (RedisError, OSError) as error:
            raise QueueDown from error

    def connections_waiting(self) -> frozenset[str]:
        """The connections whose runs wait in a queue. Raises QueueDown."""
        try:
            names = [name for queue in NAMES for name in self._queue(queue).job_ids]
        except (RedisError, OSError) as error:
            raise QueueDown from error
        parts = (name.split("-") for name in names)
        return frozenset(part[1] for part in parts if part[0] == "sync")

    def after_fork(self) -> None:
        """Use connections of this process's own."""
        self._redis = _client(self._url)

    def close(self) -> None:
        """Close all connections."""
        self._redis.close()

    def _queue(self, name: QueueName) -> RqQueue:
        return RqQueue(name, connection=self._redis, serializer=JSONSerializer)


def _client(url: str) -> Redis:
    # A page must not wait long for a server that does not answer.
    return Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)
