"""No plugin is special to the platform: none is named there, by whatever name."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = (
    "exchange_calendar",
    "exchange-calendar",
    "exchange calendar",
    "office365",
    "office 365",
    "microsoft 365",
    "exchangelib",
    "msal",
)
"""Plugins' names, slugs and libraries, in whatever case."""
CODE = re.compile(
    r"(?<![a-z-])(exchange|outlook|office|graph|microsoft|entra|ews|o365)(?![a-z])"
    r"|(?<![A-Za-z])(Exchange|Outlook|Office|Graph|Microsoft|Entra|Ews|EWS)[A-Z_]"
)
"""Products as names in code. As words of a sentence ("what Exchange keeps") they have a capital."""
OTHER_MEANINGS = re.compile(r"out-of-office|\b_exchange\(")
"""An RFC's word, and an exchange of one request and its answer."""
# The stand-in and the invented data are made for our plugins; everything else is for anyone's.
EXEMPT = ("platform/sandbox/", "platform/demo/")
BINARY = {".woff2", ".png", ".mo"}


def platform_files() -> list[Path]:
    """All text of the platform and the marketplace, bundled third-party code aside: code,
    templates, catalogues, static files, and whatever is added. What is not committed yet counts."""
    listed = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    found = subprocess.run(
        [*listed, "platform", "marketplace"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    return sorted(
        ROOT / name
        for name in found.split("\0")
        if name
        and not name.startswith(EXEMPT)
        and "/vendor/" not in name
        and Path(name).suffix not in BINARY
        and (ROOT / name).is_file()
    )


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Each file's text by its path, which is part of the text."""
    found = {str(path.relative_to(ROOT)): path for path in platform_files()}
    return {name: f"{name}\n{path.read_text(encoding='utf-8')}" for name, path in found.items()}


@pytest.mark.parametrize("name", NAMES)
def test_no_plugin_is_named(name: str, texts: dict[str, str]) -> None:
    """A third party's plugin can do all that ours do, because nothing knows ours."""
    assert [path for path, text in texts.items() if name in text.lower()] == []


def test_no_code_is_called_after_a_product(texts: dict[str, str]) -> None:
    """No slug, key, class or file that only one plugin's side would have."""
    found = [
        f"{path}: {text[max(0, hit.start() - 20) : hit.end() + 20]}"
        for path, text in texts.items()
        for hit in CODE.finditer(OTHER_MEANINGS.sub("", text))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    ['slug == "exchange"', "exchange_url", "class OutlookLink", "andock_graph", "icons/office.svg"],
)
def test_what_would_be_found(text: str) -> None:
    assert CODE.search(text.replace("andock_", ""))


@pytest.mark.parametrize(
    "text", ["what Exchange keeps", "Microsoft Graph spells it", "photograph", "exchanged"]
)
def test_what_is_a_word_of_a_sentence(text: str) -> None:
    assert not CODE.search(text)


def test_the_search_sees_the_platform() -> None:
    """The rules above are not kept by looking at nothing: every kind of file is looked at."""
    found = platform_files()
    assert {"hookspecs.py", "embedded.py"} <= {path.name for path in found}
    assert {".py", ".html", ".js", ".css", ".po", ".svg", ".toml"} <= {p.suffix for p in found}


def test_platform_is_no_package() -> None:
    """platform/ would hide the standard library's module of that name if it were one."""
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not [path for path in ROOT.glob("tests/**/platform") if path.is_dir()]
