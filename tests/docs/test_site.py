"""The docs site builds, its links lead somewhere, and the SDK's reference is whole."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from sphinx.util.inventory import InventoryFile

import andock_sdk
from tests.docs.documented import ROOT

pytestmark = pytest.mark.timeout(400)  # a build takes a while where much else goes on

BUILD = (sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-c", ROOT / "docs/_site")


@dataclass(frozen=True)
class Site:
    """A built site. `said`: the builder's warnings."""

    folder: Path
    code: int
    said: str

    def page(self, name: str) -> str:
        """A page's HTML."""
        return (self.folder / f"{name}.html").read_text(encoding="utf-8")


def build(source: Path, folder: Path, builder: str = "html") -> Site:
    """Build the site of a source tree as `make docs` does."""
    done = subprocess.run(
        [*BUILD, "-b", builder, "-d", folder / "cache", source, folder / "site"],
        capture_output=True,
        text=True,
        check=False,
    )
    return Site(folder / "site", done.returncode, done.stdout + done.stderr)


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The sources read and every link followed, nothing written: half of the work."""
    return build(ROOT, tmp_path_factory.mktemp("docs"), builder="dummy")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of this tree."""
    return build(ROOT, tmp_path_factory.mktemp("docs"))


def test_the_docs_are_read_without_a_warning(looked_at: Site) -> None:
    """Each link leads somewhere, each page is found from the index, each name is known."""
    assert looked_at.said == ""
    assert looked_at.code == 0


@pytest.mark.more
def test_the_site_builds_without_a_warning(site: Site) -> None:
    """As `make docs` does it."""
    assert site.said == ""
    assert site.code == 0


@pytest.mark.more
def test_the_first_address_leads_to_the_index(site: Site) -> None:
    """Whoever opens the folder arrives."""
    led = re.search(r"url=([^\"]+)", site.page("index"))
    assert led is not None
    assert (site.folder / led[1]).is_file()


@pytest.mark.more
def test_every_page_is_reached_from_the_index(site: Site) -> None:
    """By links alone, as a reader goes."""
    seen: set[Path] = set()
    waiting = [site.folder / "docs/README.html"]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        main = page.read_text(encoding="utf-8").partition("<article")[2].partition("</article")[0]
        links = re.findall(r'href="([^"#:]+\.html)', main)
        found = {(page.parent / link).resolve() for link in links}
        waiting += found - seen - set(waiting)
    pages = {path for path in site.folder.rglob("*.html") if path.parent.name != "_static"}
    made = {site.folder / f"{name}.html" for name in ("index", "genindex", "py-modindex", "search")}
    assert pages - made == seen


@pytest.mark.more
def test_every_name_of_the_sdk_has_a_place_in_the_reference(site: Site) -> None:
    """Whatever plugins may import."""
    inventory = InventoryFile.loads((site.folder / "objects.inv").read_bytes(), uri="")
    known = {
        name.rpartition(".")[2]
        for kind, names in inventory.data.items()
        if kind.startswith("py:")
        for name in names
    }
    assert set(andock_sdk.__all__) - known == set()


@pytest.mark.more
def test_german_pages_say_that_they_are_german(site: Site) -> None:
    """Browsers hyphenate by it, screen readers speak by it."""
    assert re.search(r'<html[^>]* lang="de"', site.page("docs/de/members/connect"))
    assert re.search(r'<html[^>]* lang="en"', site.page("docs/en/members/connect"))


@pytest.mark.more
def test_the_reference_of_commands_has_their_options(site: Site) -> None:
    """It is made of the commands themselves."""
    words = re.sub(r"<[^>]+>", "", site.page("docs/reference/commands"))
    assert "andock keys rotate" in words
    assert "--drop-old" in words


@pytest.mark.more
@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ("# Other\n\n[gone](gone.md)\n", "gone.md"),
        ("# Other\n\n[a heading](README.md#gone)\n", "gone"),
    ],
)
def test_a_broken_link_fails_the_build(page: str, fault: str, tmp_path: Path) -> None:
    """To a page, and to a heading of one."""
    docs = tmp_path / "source/docs"
    docs.mkdir(parents=True)
    (docs / "README.md").write_text("# Docs\n\n- [Other](other.md)\n")
    (docs / "other.md").write_text(page)
    built = build(tmp_path / "source", tmp_path, builder="dummy")
    assert built.code != 0
    assert fault in built.said


@pytest.mark.more
def test_a_page_that_no_list_names_fails_the_build(tmp_path: Path) -> None:
    """Nobody would find it."""
    docs = tmp_path / "source/docs"
    docs.mkdir(parents=True)
    (docs / "README.md").write_text("# Docs\n\nNothing is listed.\n")
    (docs / "lost.md").write_text("# Lost\n")
    built = build(tmp_path / "source", tmp_path, builder="dummy")
    assert built.code != 0
    assert "lost.md" in built.said
