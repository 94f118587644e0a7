"""Translations: every word of every page exists in German, and no template holds bare text."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "platform/web/andock_web"
NAMES = (
    *("administration", "calendar", "calls", "contacts", "joining", "notices", "profile"),
    "tasks",
)
AREAS = {
    "shell": WEB,
    **{name: WEB / name for name in NAMES},
    "marketplace": ROOT / "marketplace/andock_marketplace",
    "admin": ROOT / "marketplace/andock_marketplace/admin",
    "levels": ROOT / "marketplace/andock_marketplace/levels",
    "authorizing": ROOT / "marketplace/andock_marketplace/authorizing",
    "developers": ROOT / "marketplace/andock_marketplace/developers",
    "reasons": ROOT / "marketplace/andock_marketplace/reasons",
    "moving": ROOT / "marketplace/andock_marketplace/moving",
    "operator": ROOT / "marketplace/andock_marketplace/operator",
}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true"}}
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "_n": (1, 2),
}


def words_of(folder: Path) -> set[str]:
    """Everything that an area says, in English; of a plural, the singular."""
    others = [each.relative_to(folder) for each in AREAS.values() if folder in each.parents]
    ignored = [(f"{other.as_posix()}/**", "ignore") for other in others]
    found = extract_from_dir(str(folder), [*ignored, *METHODS], OPTIONS, keywords=KEYWORDS)
    return {each[2] if isinstance(each[2], str) else each[2][0] for each in found}


def catalogue_of(folder: Path) -> Catalog:
    """An area's German words."""
    with (folder / "translations/de/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="de")


def german(catalogue: Catalog, text: str) -> list[str]:
    """The German of a text, and of its plural."""
    message = catalogue.get(text)
    if message is None or message.fuzzy:
        return [""]
    return forms(message)


def forms(message: Message) -> list[str]:
    """The translation, or the translations of singular and plural."""
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def test_every_area_is_looked_at() -> None:
    """Whoever brings templates along is in the list above."""
    folders = {
        path.parent for root in (WEB, AREAS["marketplace"]) for path in root.rglob("templates")
    }
    assert folders == {folder for folder in AREAS.values() if (folder / "templates").exists()}


@pytest.mark.parametrize("area", AREAS)
def test_every_word_exists_in_german(area: str) -> None:
    """A missing translation would show English in the middle of a German page."""
    catalogue = catalogue_of(AREAS[area])
    missing = {text for text in words_of(AREAS[area]) if not all(german(catalogue, text))}
    assert missing == set()


@pytest.mark.parametrize("area", AREAS)
def test_no_translation_is_left_over(area: str) -> None:
    """Words that no page says any more are taken out."""
    known = words_of(AREAS[area])
    messages = [each.id for each in catalogue_of(AREAS[area]) if each.id]
    texts = {text if isinstance(text, str) else text[0] for text in messages}
    assert texts - known == set()


def test_a_word_is_the_same_in_every_catalogue() -> None:
    """They are merged when Andock runs: of two translations one would be shown everywhere."""
    said: dict[tuple[str | None, str], dict[str, list[str]]] = {}
    for area, folder in AREAS.items():
        for message in catalogue_of(folder):
            if message.id:
                text = message.id if isinstance(message.id, str) else message.id[0]
                found = said.setdefault((message.context, text), {})
                found.setdefault(" | ".join(forms(message)), []).append(area)
    assert {text: found for text, found in said.items() if len(found) > 1} == {}


@pytest.mark.parametrize("area", AREAS)
def test_placeholders_survive_translation(area: str) -> None:
    """A German text fills in the same names as the English one."""
    for message in catalogue_of(AREAS[area]):
        if isinstance(message.id, str) and isinstance(message.string, str):
            wanted = set(re.findall(r"%\(\w+\)[sd]", message.id))
            assert set(re.findall(r"%\(\w+\)[sd]", message.string)) == wanted, message.id


@pytest.mark.parametrize("area", AREAS)
def test_german_says_sie(area: str) -> None:
    """Nobody is called "du"."""
    for message in catalogue_of(AREAS[area]):
        text = " ".join(forms(message))
        assert not re.search(r"\b([Dd]u|[Dd]ein\w*|[Dd]ir|[Dd]ich)\b", text), text


def templates() -> list[Path]:
    """Every template of the web and the marketplace."""
    found = [path for folder in AREAS.values() for path in folder.glob("**/templates/**/*.html")]
    return sorted(set(found))


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.name)
def test_a_template_holds_no_bare_text(path: Path) -> None:
    """What is outside tags and expressions would be the same in every language."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\{% block \w+_class %\}.*?\{% endblock %\}", " ", text)
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"<(svg|style|script)\b.*?</\1>", " ", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->|<[^>]*>", " ", text, flags=re.DOTALL)
    text = re.sub(r"&\w+;", " ", text)
    bare = [word for word in re.findall(r"[^\W\d_]{2,}", text) if word not in {"Andock"}]
    assert bare == []


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.name)
def test_a_template_has_no_bare_label(path: Path) -> None:
    """Labels, titles and placeholders are translated too."""
    text = path.read_text(encoding="utf-8")
    attributes = re.findall(r'\s(?:aria-label|title|placeholder|alt)="([^"]*)"', text)
    bare = [value for value in attributes if re.search(r"\w", re.sub(r"\{\{.*?\}\}", "", value))]
    assert bare == []
