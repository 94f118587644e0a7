"""The command lines of all that `make run` starts."""

from dataclasses import dataclass

from andock_demo.services import Service
from andock_demo.settings import LOOPBACK, DemoSettings, python

WEB_PROCESSES = 2
WEB_THREADS = 4


@dataclass(frozen=True)
class Parts:
    """Makes each part, not yet started."""

    settings: DemoSettings
    environment: dict[str, str]

    def valkey(self) -> Service:
        """The embedded store of the queues."""
        return self._part("valkey", self.settings.valkey().command)

    def sandbox(self) -> Service:
        """The stand-in Exchange, with the invented mailboxes."""
        return self._part(
            "exchange",
            python(
                *("-m", "andock_demo.sandbox_process"),
                str(self.settings.home),
                str(self.settings.sandbox_port),
            ),
        )

    def seed(self, step: str) -> Service:
        """A step of filling the demo: see `andock_demo.seed`. It ends by itself."""
        return self._part(f"seed-{step}", python("-m", "andock_demo.seed", step))

    def web(self) -> Service:
        """The site, under a production server."""
        return self._part(
            "web",
            python(
                *("-m", "gunicorn", "app:app"),
                *("--bind", f"{LOOPBACK}:{self.settings.port}"),
                *("--worker-class", "gthread"),
                *("--workers", str(WEB_PROCESSES)),
                *("--threads", str(WEB_THREADS)),
                *("--graceful-timeout", "3"),
                *("--timeout", "60"),  # hanging plugins are given up after 25 seconds
                *("--logger-class", "andock_web.gunicorn_log.Lines"),
                "--no-control-socket",
            ),
        )

    def workers(self) -> list[Service]:
        """One worker per queue, and the dispatcher beside the second."""
        return [
            self._part("worker-interactive", python("worker.py", "--queue", "interactive")),
            self._part(
                "worker-background",
                python("worker.py", "--queue", "background", "--scheduler"),
            ),
        ]

    def _part(self, name: str, command: list[str]) -> Service:
        return Service(name, command, self.environment, self.settings.log_folder)
