"""What we took from others: pinned, licensed, and nothing beside what is used."""

import hashlib
import re
from pathlib import Path

import pytest

from andock_web.icons import FOLDER, icon

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "platform/web/andock_web"
USERS = (WEB, ROOT / "marketplace", ROOT / "platform/sdk/andock_sdk", ROOT / "plugins")


def test_fonts_are_the_pinned_ones() -> None:
    """VENDORED.md holds their hashes, the licence lies beside them."""
    noted = (WEB / "VENDORED.md").read_text(encoding="utf-8")
    fonts = sorted((WEB / "static/fonts").glob("*.woff2"))
    assert len(fonts) == 2
    for font in fonts:
        assert f"{hashlib.sha256(font.read_bytes()).hexdigest()}  {font.name}" in noted
    assert (WEB / "static/fonts/LICENSE-OFL.txt").is_file()
    assert (FOLDER / "LICENSE").is_file()


def test_every_icon_is_used() -> None:
    """Those that no page shows are taken out."""
    suffixes = {".py", ".html", ".js"}
    files = [path for user in USERS for path in user.rglob("*") if path.suffix in suffixes]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    named = set(re.findall(r"[\"']([a-z0-9-]+)[\"']", text))
    assert {path.stem for path in FOLDER.glob("*.svg")} - named == set()


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    """Assistive technology skips the one and reads the other."""
    assert 'aria-hidden="true"' in icon("globe")
    assert 'role="img" aria-label="A &amp; B"' in icon("globe", label="A & B")


@pytest.mark.parametrize("name", ["nothing", "../base", "", "Globe"])
def test_an_icon_that_does_not_exist_is_a_mistake(name: str) -> None:
    """It is found when the page is written, not when it is looked at."""
    with pytest.raises(KeyError):
        icon(name)
