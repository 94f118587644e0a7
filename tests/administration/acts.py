"""What tests of the administration do and read."""

import re
from dataclasses import dataclass, field, replace
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from andock_core.core import Core
from andock_core.storage import SYSTEM, AuditEntry
from tests.web.conftest import post

LINK = re.compile(r"http://127\.0\.0\.1:8600(/(?:join|password)/[\w-]+)")
JOINING = {"name": "Cleo Weiß", "language": "de", "zone": "Europe/Berlin"}
GOOD = "vier Wörter hintereinander weg"


@dataclass
class Queue:
    """Takes jobs and keeps them."""

    jobs: list[tuple[str, ...]] = field(default_factory=list)

    def enqueue(self, name: str, task: str, *ids: str, first: bool = False) -> None:
        """A job."""
        self.jobs.append((task, *ids))

    def close(self) -> None:
        """Nothing to close."""


def act(client: FlaskClient, path: str, **form: str) -> TestResponse:
    """Send a form of the administration's pages."""
    return post(client, path, form, page="/forgotten")


def link_in(answer: TestResponse) -> str:
    """The path of the one link that a page shows."""
    found = LINK.findall(unescape(answer.text))
    assert len(set(found)) == 1, found
    return str(found[0])


def deeds(core: Core) -> list[tuple[str, str, str]]:
    """All that is in the log, oldest first: action, who, whom."""
    with core.storage.read(SYSTEM) as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.at, AuditEntry.id))
        return [(row.action, row.actor_id, row.subject_id) for row in rows]


def with_mail(core: Core, url: str = "smtp://127.0.0.1:1?from=a@b.test&security=none") -> Queue:
    """A mail server is set up (nobody answers there); the queue that jobs go to."""
    core.settings = replace(core.settings, smtp_url=url)
    queue = Queue()
    core.queue = queue  # type: ignore[assignment]
    return queue
