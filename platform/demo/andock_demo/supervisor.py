"""Starts the parts in order, keeps them running, and ends them all."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TextIO

from andock_demo import checks, greeting
from andock_demo.home import READY, load_passwords, open_home, write_private
from andock_demo.parts import Parts
from andock_demo.people import COMPANIES
from andock_demo.processes import MARK, RunMark, end, of_home, of_run
from andock_demo.services import Service, make_room
from andock_demo.settings import CannotStart, DemoSettings, python

READY_SECONDS = 90.0
FAILURES_AT_START = 3
POLL_SECONDS = 0.2
LEFTOVER_SECONDS = 3.0
END_SECONDS = 4.0  # for those that finish something; the store and the stand-in get half
LOG_LINES = 12


class Supervisor:
    """One run of the demo on one data folder."""

    def __init__(self, settings: DemoSettings) -> None:
        """Take the data folder and the ports. Raises CannotStart; starts nothing yet."""
        self._settings = settings
        self._lock: TextIO = open_home(settings.home)
        (settings.home / READY).unlink(missing_ok=True)
        end(of_home(settings.home), LEFTOVER_SECONDS)
        checks.require_free_port(settings.port, "ANDOCK_PORT", "the site")
        checks.require_free_port(
            settings.sandbox_port, "ANDOCK_SANDBOX_PORT", "the stand-in Exchange"
        )
        make_room(settings.log_folder)
        self._passwords = load_passwords(settings.home)
        self._mark = RunMark.fresh(settings.home)
        environment = settings.child_environment([company.domain for company in COMPANIES])
        self._environment = {**environment, MARK: str(self._mark)}
        self._parts = Parts(settings, self._environment)
        self._services: list[Service] = []
        self._guardian: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start everything; returns when a person can use it. Raises CannotStart."""
        settings = self._settings
        greeting.print_start(settings)
        self._guardian = subprocess.Popen(
            python("-m", "andock_demo.guardian", str(self._mark)),
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        if settings.redis_url is None:
            valkey = self._launch(self._parts.valkey())
            self._wait(settings.valkey().answers, valkey)
        sandbox = self._launch(self._parts.sandbox())
        self._run_once("prepare")
        ews_url = f"https://{settings.sandbox_server}/EWS/Exchange.asmx"
        self._wait(lambda: checks.exchange_answers(ews_url, settings.ca_file), sandbox)
        web = self._launch(self._parts.web())
        for worker in self._parts.workers():
            self._launch(worker)
        self._wait(lambda: checks.web_answers(settings.web_url), web)
        try:
            self._run_once("connect")
        except CannotStart as problem:  # all the same there is much to see
            print(problem, file=sys.stderr, flush=True)
        pages = json.loads(settings.control_file.read_text())
        content = greeting.ready_file(settings, ews_url, pages, self._passwords)
        write_private(settings.home / READY, content)
        greeting.print_ready(settings, pages, self._passwords)

    def watch(self) -> None:
        """Keep the parts running until something unwinds this call."""
        while True:
            time.sleep(POLL_SECONDS)
            self._check()

    def stop(self) -> None:
        """End every process of this run; at most about ten seconds."""
        (self._settings.home / READY).unlink(missing_ok=True)
        support = [service for service in self._services if service.name in ("valkey", "exchange")]
        others = [service for service in self._services if service not in support]
        self._end(others, END_SECONDS)
        self._end(support, END_SECONDS / 2)
        end(of_run(str(self._mark)), 0)  # what is left has had its chance, a work-horse say
        if self._guardian is not None and self._guardian.stdin is not None:
            self._guardian.stdin.close()
            self._guardian.wait()
        if self._settings.redis_url is None:
            self._settings.valkey().clean()
        self._lock.close()

    def _launch(self, service: Service) -> Service:
        service.start()
        self._services.append(service)
        return service

    def _check(self) -> None:
        for service in self._services:
            if line := service.check():
                print(line, file=sys.stderr, flush=True)

    def _wait(self, ready: Callable[[], bool], service: Service) -> None:
        """Wait until a part answers. Raises CannotStart when it dies again and again."""
        deadline = time.monotonic() + READY_SECONDS
        while not ready():
            if service.failures >= FAILURES_AT_START or time.monotonic() > deadline:
                raise _failed(service)
            time.sleep(POLL_SECONDS)
            self._check()

    def _run_once(self, step: str) -> None:
        """Run a step that ends by itself. Raises CannotStart when it fails."""
        task = self._parts.seed(step)
        task.start()
        while not task.ended():
            time.sleep(POLL_SECONDS)
            self._check()
        if not task.succeeded():
            raise _failed(task)

    def _end(self, services: list[Service], seconds: float) -> None:
        for service in services:
            service.ask_to_end()
        deadline = time.monotonic() + seconds
        while not all(service.ended() for service in services) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS / 4)


def _failed(service: Service) -> CannotStart:
    lines = service.log_file.read_text(errors="replace").splitlines()[-LOG_LINES:]
    tail = "\n".join(f"  {line}" for line in lines)
    return CannotStart(f"{service.name} does not start. {service.log_file} ends with:\n{tail}", 1)
