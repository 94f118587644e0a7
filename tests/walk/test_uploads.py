"""Files that people send: as large and of the kind that the page says, and nothing else."""

import io
import re
from pathlib import Path

import pytest

from andock_core.storage import SYSTEM, Member
from tests.connections.world import World
from tests.marketplace.conftest import catalog, world
from tests.marketplace.visitor import Visitor
from tests.pages.site import all_of_it
from tests.walk.walking import fingerprints

__all__ = ["catalog", "world"]
ROOT = Path(__file__).parents[2]
PLACES = {
    "/contacts/import": "file",
    "/contacts/new": "photo",
    "/profile/picture": "picture",
    "/admin/certificates/upload": "file",
}
"""Every address that takes a file, and its field."""
LARGER_THAN_ALL = 9 * 1024 * 1024
NONE_OF_THEM = b"<html><script>alert(1)</script></html>\x00MZ\x90" * 100


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


@pytest.fixture
def anna(world: World) -> Visitor:
    """Anna, who is an admin for the day."""
    with world.core.storage.write(SYSTEM) as session:
        session.get_one(Member, world.anna.member_id).role = "admin"
    return Visitor(all_of_it(world.core), world.anna)


def test_every_place_for_a_file_is_known() -> None:
    """Whoever takes in another one adds it above."""
    sources = [*ROOT.glob("platform/web/**/*.py"), *ROOT.glob("marketplace/**/*.py")]
    fields = [
        field
        for source in sources
        for field in re.findall(r"request\.files(?:\.get\(|\[)\"(\w+)\"", source.read_text())
    ]
    assert sorted(fields) == sorted(PLACES.values())
    assert sum(source.read_text().count("request.files") for source in sources) == len(PLACES)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("content", [NONE_OF_THEM, b""], ids=["another kind", "empty"])
def test_what_is_no_such_file_is_refused(
    world: World, anna: Visitor, place: str, content: bytes
) -> None:
    before = fingerprints(world)
    file = (io.BytesIO(content), "../../etc/passwd.exe")
    answer = anna.post(place, {PLACES[place]: file, "version": "0"})
    assert answer.status_code == 422
    assert fingerprints(world) == before


@pytest.mark.parametrize("place", PLACES)
def test_what_is_too_large_is_not_even_read(anna: Visitor, place: str) -> None:
    form = "multipart/form-data; boundary=walked"
    answer = anna.client.post(place, data=b"x" * LARGER_THAN_ALL, content_type=form)
    assert answer.status_code == 413
