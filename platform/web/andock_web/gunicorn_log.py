"""Gunicorn's own lines look like ours: `--logger-class andock_web.gunicorn_log.Lines`."""

from typing import Any

from gunicorn.glogging import Logger

from andock_core import logs


class Lines(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Hands gunicorn's lines to our logs. Requests are logged by request_log.py."""

    def setup(self, cfg: Any) -> None:
        """Called with gunicorn's settings, before anything is logged."""
        super().setup(cfg)
        logs.set_up("web")
