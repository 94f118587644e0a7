"""No plugin is special to the platform: none is named there, by whatever name."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = (
    "exchange_calendar",
    "exchange-calendar",
    "office365",
    "exchangelib",
    "msal",
)
# The stand-in and the invented data are made for our plugins; everything else is for anyone's.
EXEMPT = ("platform/sandbox/", "platform/demo/")
TEXT = {".py", ".html", ".js", ".css", ".po", ".pot", ".toml", ".mako", ".txt", ".json", ".md"}


def platform_files() -> list[Path]:
    """All text of the platform and the marketplace, bundled third-party code aside."""
    files = [*(ROOT / "platform").rglob("*"), *(ROOT / "marketplace").rglob("*")]
    return sorted(
        path
        for path in files
        if path.suffix in TEXT
        and not str(path.relative_to(ROOT)).startswith(EXEMPT)
        and "vendor" not in path.parts
    )


@pytest.mark.parametrize("name", NAMES)
def test_no_plugin_is_named(name: str) -> None:
    """A third party's plugin can do all that ours do, because nothing knows ours."""
    named = [
        str(path.relative_to(ROOT))
        for path in platform_files()
        if name in path.read_text(encoding="utf-8").lower()
    ]
    assert named == []


def test_the_search_sees_the_platform() -> None:
    """The rule above is not kept by looking at nothing."""
    names = {path.name for path in platform_files()}
    assert "hookspecs.py" in names
    assert "embedded.py" in names


def test_platform_is_no_package() -> None:
    """platform/ would hide the standard library's module of that name if it were one."""
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not [path for path in ROOT.glob("tests/**/platform") if path.is_dir()]
