"""What contract a plugin was made for: checked before its code runs, said clearly both ways."""

import sys
import warnings
from pathlib import Path

import pluggy
import pytest
from packaging.specifiers import SpecifierSet
from pydantic import BaseModel, Field

from andock_core.host import loading, probe
from andock_core.host.versions import OtherContract, check_attribute, check_requirement, required
from andock_sdk import AndockDeprecation, hookimpl
from andock_sdk.hookspecs import PROJECT
from andock_sdk.versions import deprecated, deprecated_fields

OLD = "update the plugin"
NEW = "update Andock"


@pytest.mark.parametrize(
    ("wanted", "made_for"),
    [(">=1,<2", "1"), (">=1.0", "1"), ("~=1.0", "1"), ("==1.*", "1"), ("", ""), ("<2", "1")],
)
def test_a_package_that_works_with_this_sdk_is_taken(wanted: str, made_for: str) -> None:
    """Its contract is the SDK's major version; one that says nothing is taken too."""
    assert check_requirement(SpecifierSet(wanted), "1.0.0") == made_for


@pytest.mark.parametrize(
    ("wanted", "made_for", "advice"),
    [
        (">=2,<3", "2", NEW),
        (">=1.4", "1", NEW),
        ("==3.1", "3", NEW),
        ("<1", "0", OLD),
        (">=0.3,<1", "0", OLD),
        ("~=0.9", "0", OLD),
        ("==0.4.*", "0", OLD),
        ("<=0.9", "0", OLD),
    ],
)
def test_a_package_for_another_sdk_says_which_side_to_update(
    wanted: str, made_for: str, advice: str
) -> None:
    """Older or newer, never only "does not work"."""
    with pytest.raises(OtherContract) as refused:
        check_requirement(SpecifierSet(wanted), "1.0.0")
    assert str(refused.value).startswith(f"made for contract {made_for} ")
    assert str(refused.value).endswith(f"this Andock speaks 1.0 (andock-sdk 1.0.0): {advice}")


@pytest.mark.parametrize(
    ("named", "advice"), [("2.0", NEW), ("1.3", NEW), ("0.9", OLD), ("1.0", ""), ("1.2", "")]
)
def test_an_integration_may_name_the_contract_itself(named: str, advice: str) -> None:
    """A later minor version has what the plugin uses only from then on."""
    plugin = type("Plugin", (), {"contract": named})()
    if not advice:
        assert check_attribute(plugin, "1.2") == named
        return
    with pytest.raises(OtherContract, match=f"made for contract {named}, .*: {advice}"):
        check_attribute(plugin, "1.2")


@pytest.mark.parametrize("named", [1, "one", "1", (1, 0)])
def test_a_contract_that_is_no_version_is_refused(named: object) -> None:
    """With what it should look like."""
    with pytest.raises(OtherContract, match=r'like "1\.0"'):
        check_attribute(type("Plugin", (), {"contract": named})())


def test_the_requirement_is_read_from_the_package(tmp_path: Path) -> None:
    """However its name is spelt."""
    assert str(required("andock-exchange-calendar")) != ""
    assert required("no-such-package") is None


def test_a_package_for_another_contract_is_not_even_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its import would fail on what is gone or not there yet, with words that help nobody."""
    facts = tmp_path / "future_calendar-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: future-calendar\nVersion: 1.0\n"
        "Requires-Dist: andock.sdk (>=2,<3)\n"
    )
    (tmp_path / "future_calendar.py").write_text("raise SystemExit('imported')")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = probe.examine("future_calendar:integration", "future-calendar")
    assert found["broken"].startswith("made for contract 2 (andock-sdk <3,>=2)")
    assert "future_calendar" not in sys.modules


class Spec:
    """A later contract with a hook that is to go."""

    @pluggy.HookspecMarker(PROJECT)(
        firstresult=True, warn_on_impl=AndockDeprecation("the hook describe: use present")
    )
    def describe(self) -> object:
        """Deprecated."""


def test_a_deprecated_hook_works_and_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    """The warning is part of what is known of the plugin."""
    monkeypatch.setattr(loading, "IntegrationSpec", Spec)
    monkeypatch.setattr(loading, "REQUIRED", ("describe",))
    monkeypatch.setattr(probe, "REQUIRED", ("describe",))
    found = probe.examine("tests.host.test_versions:only_describes")
    assert found["listing"]["slug"] == "odd"
    assert found["warnings"] == ["the hook describe: use present"]


def only_describes() -> object:
    """An entry point."""
    from tests.host.odd_plugins import listing

    class Plugin:
        @hookimpl
        def describe(self) -> object:
            """As ever."""
            return listing()

    return Plugin()


class Model(BaseModel):
    """With a field that is to go."""

    name: str = ""
    colour: str = Field(default="", deprecated="say it in the icon")
    inside: tuple["Model", ...] = ()


def test_a_deprecated_field_warns_where_it_is_used() -> None:
    """Also in a model within; not where it is left alone."""
    used = Model(name="a", inside=(Model(colour="red"),))
    assert list(deprecated_fields(used)) == ["Model.colour is deprecated: say it in the icon"]
    assert list(deprecated_fields(Model(name="a"))) == []


def test_anything_else_is_deprecated_by_a_call() -> None:
    """The warning names since when, and what to do."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        deprecated("standard.old", since="1.3", instead="use standard.new")
    assert [(w.category, str(w.message)) for w in warned] == [
        (AndockDeprecation, "standard.old is deprecated since contract 1.3: use standard.new")
    ]
