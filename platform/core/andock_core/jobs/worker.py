"""An RQ worker on one queue. Each job runs in a forked work-horse that can be killed.

Usage: see worker.py at the root of the source tree.
"""

import argparse
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Worker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from andock_core import config, logs
from andock_core.core import Core
from andock_core.developer import reloading
from andock_core.governance import standing
from andock_core.host import breaker, calls, deadline, tracing
from andock_core.jobs import current, own, tasks
from andock_core.jobs.queue import NAMES, REQUEST
from andock_core.storage import migrate
from andock_sdk.errors import AndockError

log = logging.getLogger("andock.worker")

SLOW_IMPORT_SECONDS = 0.3
WORKER_TTL = 90
STOP_SECONDS = 10
RETRY_SECONDS = 2
OLD_SCHEMA = (
    "The database's schema is not the one that this version of Andock needs. "
    "Migrate it first; README.md says how."
)


class HorseWorker(Worker):
    """RQ's worker, its work-horses on our terms: own connections, killable, silent."""

    stopping = False

    def _install_signal_handlers(self) -> None:
        """RQ's last act before it works: from here on SIGTERM finishes the present job first."""
        super()._install_signal_handlers()  # type: ignore[no-untyped-call]
        log.info("worker ready queue=%s pid=%d", ",".join(self.queue_names()), os.getpid())

    def fork_work_horse(self, job: Any, queue: Any) -> None:
        """In the worker, before the fork: what the operator switched meanwhile is looked at here
        once, and not in each work-horse."""
        current.core().catalog.all()
        super().fork_work_horse(job, queue)

    def main_work_horse(self, job: Any, queue: Any) -> None:
        """The start of a work-horse, right after the fork."""
        current.core().after_fork()
        deadline.expendable()
        threading.Thread(target=end_with, args=(self.pid,), daemon=True).start()
        asked = str((job.meta or {}).get(REQUEST, ""))
        number = job.id.rpartition("-")[2][:12]
        with logs.about(request=asked if logs.is_plain(asked) else "", job=number):
            super().main_work_horse(job, queue)

    def handle_warm_shutdown_request(self) -> None:
        """SIGTERM: no further job after the present one."""
        self.stopping = True
        log.info("stopping after the present job")

    def handle_work_horse_killed(self, job: Any, *_how: Any) -> None:
        """In the worker, when a work-horse was killed or ended itself."""
        task = job.func_name.rpartition(".")[2]
        log.error("work-horse killed task=%s id=%s", task, job.args[0])
        try:
            tasks.died(task, job.args)
        except SQLAlchemyError as error:
            log.error("death not marked id=%s error=%s", job.args[0], type(error).__name__)

    def handle_exception(self, job: Any, *exc_info: Any) -> None:
        """Tasks let nothing out; should it happen, the log gets the type alone."""
        log.error("job broke id=%s error=%s", job.id, getattr(exc_info[0], "__name__", "?"))

    def handle_job_failure(self, *arguments: Any, **named: Any) -> None:
        """As RQ does, without the traceback: it would rest in Redis, with whatever it says."""
        named["exc_string"] = "failed"
        super().handle_job_failure(*arguments, **named)


def _print_nothing() -> None:
    """What a plugin prints goes nowhere, in a worker as in a work-horse: it may be a secret, or
    without end. Logs have their own way (standard error)."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)


def end_with(parent: int) -> None:
    """Ends this process when its parent is gone: a work-horse does not outlive its worker."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)


def preload(core: Core) -> None:
    """Load now what would make each work-horse slow to start."""
    from andock_core.connections import attempts
    from andock_core.egress.guard import usual_tls
    from andock_core.runs import execute

    log.debug("loaded %s %s", attempts.__name__, execute.__name__)
    try:
        usual_tls(core.settings.ca_files)
    except OSError as error:  # each run tells it
        log.warning("not preloaded certificates error=%s", type(error).__name__)
    try:
        breaker.start_afresh(core.storage)
        standing.look_at_all(core)  # a new version of a plugin may ask for more
        own.declare(core)
    except SQLAlchemyError as error:  # each run looks again
        log.warning("connections not looked at error=%s", type(error).__name__)
    for listed in core.catalog.healthy():
        if listed.import_seconds > SLOW_IMPORT_SECONDS:
            try:
                calls.load(listed)
            except AndockError as error:
                log.warning("not preloaded plugin=%s error=%s", listed.slug, error.key)


def work(core: Core, queue: str) -> None:
    """Work until SIGTERM or SIGINT. A Redis that goes away is waited for."""
    stopping = False
    while not stopping:
        worker = _worker(core, queue)
        if worker is not None:
            # RQ's signal handler raises StopRequested wherever the signal finds us.
            with suppress(RedisError, OSError, StopRequested):
                worker.work(logging_level="WARNING")
                _reap(worker)
            stopping = worker.stopping
        if not stopping:
            log.warning("queue down, trying again queue=%s", queue)
            with suppress(StopRequested):
                time.sleep(RETRY_SECONDS)
            stopping = worker is not None and worker.stopping


def _worker(core: Core, queue: str) -> HorseWorker | None:
    try:
        return HorseWorker(
            [queue],
            connection=Redis.from_url(core.settings.redis_url),
            serializer=JSONSerializer,
            worker_ttl=WORKER_TTL,
            log_job_description=False,
        )
    except (RedisError, OSError):
        return None


def _reap(worker: HorseWorker) -> None:
    """A work-horse that its worker lost sight of ends by itself; do not keep it as a zombie."""
    if worker.horse_pid:
        with suppress(ChildProcessError):
            os.waitpid(worker.horse_pid, 0)


class Beside:
    """A dispatcher beside the worker, in a process of its own that ends with this one."""

    def __init__(self) -> None:
        self._ending = threading.Event()
        self._process = self._start()
        threading.Thread(target=self._keep, name="dispatcher", daemon=True).start()

    def stop(self) -> None:
        """End it."""
        self._ending.set()
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "andock_core.jobs.dispatcher", "--beside"]
        return subprocess.Popen([*command, str(os.getpid())])

    def _keep(self) -> None:
        while not self._ending.wait(RETRY_SECONDS):
            if self._process.poll() is not None and not self._ending.is_set():
                log.error("dispatcher ended by itself, starting another")
                self._process = self._start()


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="worker.py", description="Works on one queue.")
    parser.add_argument("--queue", choices=NAMES, required=True)
    help_text = "run a dispatcher beside the worker"
    parser.add_argument("--scheduler", action="store_true", help=help_text)
    chosen = parser.parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGINT):  # until RQ takes them over
        signal.signal(number, lambda _number, _frame: sys.exit(0))
    logs.set_up(f"worker-{chosen.queue}")
    _print_nothing()
    core = _open()
    current.use(core)
    preload(core)
    beside = Beside() if chosen.scheduler else None
    again = threading.Event()
    if core.settings.developer:
        sources = [listed.source for listed in core.catalog.all()]
        reloading.follow(sources, lambda _changed: start_anew(again))
    try:
        work(core, chosen.queue)
    finally:
        if beside is not None:
            beside.stop()
        core.close()
        if again.is_set():
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606
    _leave()


def _leave() -> None:
    """Threads that a preloaded plugin started do not keep this process from ending."""
    main_thread = threading.main_thread()
    if any(not one.daemon and one is not main_thread for one in threading.enumerate()):
        log.warning("a plugin has left threads behind")
        logging.shutdown()
        os._exit(0)


def start_anew(again: threading.Event) -> None:
    """A plugin's source has changed: end after the present job, and begin from the start.

    Loaded code cannot be taken out of a process, and what forks from this one inherits it.
    """
    if not again.is_set():  # a second signal would end the present job
        again.set()
        log.info("a plugin has changed, starting anew after the present job")
        os.kill(os.getpid(), signal.SIGTERM)


def _open() -> Core:
    """The core; ends the process with a clear message when it cannot be used."""
    try:
        settings = config.load()
        if not migrate.is_current(settings.database_url):
            sys.exit(OLD_SCHEMA)
    except config.SettingsError as error:
        sys.exit(str(error))
    except SQLAlchemyError as error:
        sys.exit(f"DATABASE_URL: the database does not answer ({type(error).__name__}).")
    tracing.set_up(settings)
    return Core.open(settings)
