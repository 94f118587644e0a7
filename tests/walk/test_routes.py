"""No address tells or changes what is somebody else's."""

from pathlib import Path
from unittest.mock import patch

import pytest

from andock_core.core import Core
from andock_core.host import Catalog
from tests.connections.world import PLUGIN, populate, settings
from tests.pages.site import all_of_it
from tests.support.memory_plugin import FILE
from tests.support.memory_service import MemoryService
from tests.walk.walking import MARKS, Walk, walk

PUBLIC = {
    *("shell.sign_in", "shell.try_sign_in", "shell.sign_out", "shell.choose_language"),
    *("operating.healthz", "operating.readyz", "operating.metrics"),
    *("helping.read", "helping.propose"),  # with the secret of a link that a member made
}
"""What a stranger may ask. Everything else sends them to the sign-in page, or says 401."""
NOT_THERE = {400, 401, 403, 404, 405, 422}


@pytest.fixture(scope="module")
def walked(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """One walk for all tests."""
    home = tmp_path_factory.mktemp("walk")
    path = home / "andock.db"
    path.write_bytes(sqlite_template.read_bytes())
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(FILE, str(home / "memory.db"))
        core = Core.open(settings(home, f"sqlite:///{path}"), probe=False)
        core.catalog = Catalog((PLUGIN,))
        with patch("andock_core.host.catalog.installed", return_value=[]):
            core.catalog.all()
        world = populate(core, MemoryService(home / "memory.db"))
        done = walk(world, all_of_it(core))
        core.close()
    print("\n" + done.table())  # noqa: T201 - shown with -s
    return done


def test_nobody_is_told_what_is_private(walked: Walk) -> None:
    told = [answer for answer in walked.answers if answer.leaks and answer.role != "Anna herself"]
    assert told == []


def test_nobody_changes_what_is_somebody_elses(walked: Walk) -> None:
    assert walked.changed == {}


def test_a_stranger_is_sent_to_the_sign_in_page(walked: Walk) -> None:
    wrong = [
        answer
        for answer in walked.answers
        if answer.role == "stranger"
        and answer.endpoint not in PUBLIC
        and not (answer.status in (302, 303) and answer.location.startswith("/sign-in"))
        and answer.status not in (400, 401)
    ]
    assert wrong == []


def test_no_address_breaks(walked: Walk) -> None:
    broken = [answer for answer in walked.answers if answer.status >= 500]
    assert [answer for answer in broken if answer.status != 503] == []


def test_anna_herself_is_told_all_of_it(walked: Walk) -> None:
    """Or the other tests could not fail."""
    told = {mark for a in walked.answers if a.role == "Anna herself" for mark in a.leaks}
    assert told == set(MARKS)
