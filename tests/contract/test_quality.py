"""quality.toml: what it may say, and what then counts for nothing."""

from pathlib import Path

import pytest

from andock_core.host import probe
from andock_sdk.contract.quality import Outcome, QualityError, find, reached, read
from andock_sdk.contract.rules import rules


def quality(folder: Path, text: str) -> Path:
    """The file."""
    path = folder / "quality.toml"
    path.write_text(text)
    return path


def test_a_plugin_without_the_file_claims_nothing() -> None:
    assert read(None).level == ""


def test_a_level_and_reasons_are_read(tmp_path: Path) -> None:
    found = read(quality(tmp_path, 'level = "silver"\n[exempt]\nno-mail = "It has no mail."\n'))
    assert found.level == "silver"
    assert dict(found.exempt) == {"no-mail": "It has no mail."}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('level = "platinum"', "no level 'platinum'"),
        ("level = 3", "no level '3'"),
        ('[exempt]\nall-of-them = "Because."', "no rule 'all-of-them'"),
        ('[exempt]\nno-mail = ""', "needs a reason"),
        ("[exempt]\nno-mail = true", "needs a reason"),
        ('exempt = "all"', "has lines of the form"),
        ('price = "9"', "nobody asks for: price"),
        ("level = ", "no TOML file"),
    ],
)
def test_a_file_with_faults_is_refused_with_a_reason(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(QualityError, match=why):
        read(quality(tmp_path, text))


def test_the_file_lies_beside_the_entry_points_module() -> None:
    found = find("andock_exchange_calendar:integration")
    assert found is not None
    assert found.parent.name == "andock_exchange_calendar"


def test_a_false_file_is_no_level_and_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quality(tmp_path, 'level = "diamond"')
    (tmp_path / "odd_quality.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    claim, warning = probe.claimed("odd_quality:integration")
    assert claim == {}
    assert warning.startswith("quality.toml counts for nothing: there is no level 'diamond'")


def test_a_level_needs_all_rules_of_the_levels_below() -> None:
    outcomes: dict[str, Outcome] = {rule.id: "passed" for rule in rules()}
    assert reached(outcomes) == "gold"
    assert reached({**outcomes, "no-mail": "not applicable"}) == "gold"
    assert reached({**outcomes, "no-mail": "not shown"}) == "bronze"
    assert reached({**outcomes, "ids-stable": "failed"}) == ""
