"""Steps that tick off one by one, with the time each took."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from andock_sdk import Report, Step, Text, errors


class Running:
    """A step under way. What is put into `detail` shows when it ends; `skipped` marks a step
    that came to nothing without being a failure."""

    def __init__(self) -> None:
        self.detail: Text | None = None
        self.skipped = False


class Progress:
    """Reports steps. All are announced at once, so that people see what is coming."""

    def __init__(self, report: Report, titles: dict[str, Text]) -> None:
        self._report = report
        self._titles = titles
        for key, title in titles.items():
            report(Step(key=key, title=title, state="waiting"))

    @contextmanager
    def step(self, key: str) -> Iterator[Running]:
        """Run a step: done when the block ends, failed when it raises an SDK error."""
        title, began, running = self._titles[key], monotonic(), Running()
        self._report(Step(key=key, title=title, state="running"))
        try:
            yield running
        except errors.AndockError:
            self._end(key, "failed", running.detail, began)
            raise
        self._end(key, "skipped" if running.skipped else "done", running.detail, began)

    def skip(self, *keys: str) -> None:
        """Mark steps that are not needed."""
        for key in keys:
            self._report(Step(key=key, title=self._titles[key], state="skipped"))

    def _end(self, key: str, state: str, detail: Text | None, began: float) -> None:
        self._report(
            Step.model_validate(
                {
                    "key": key,
                    "title": self._titles[key],
                    "state": state,
                    "detail": detail,
                    "milliseconds": round((monotonic() - began) * 1000),
                }
            )
        )
