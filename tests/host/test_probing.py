"""Plugins are looked at in child processes. Whatever they do there, the marketplace goes on."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from andock_core.host import probing
from andock_core.host.catalog import Catalog, Listed, arrange
from andock_core.host.probing import Finding, judge, probe, probe_all
from andock_core.host.reasons import Reason
from andock_core.host.sources import Source, installed
from tests.host.odd_plugins import SECRET, listing


def odd(name: str) -> Source:
    """An entry point of tests/host/odd_plugins.py, or of broken_plugins.py."""
    module = "odd_plugins" if name in ("good", "chatty") else "broken_plugins"
    return Source("odd-plugins", name, f"tests.host.{module}:{name}", "1.0")


def test_a_good_plugin_is_data_afterwards() -> None:
    """Its listing, and the hooks that it answers."""
    found = probe(odd("good"))
    assert found.listing == listing()
    assert found.hooks == {"describe", "authorize", "test", "sync_jobs"}
    assert found.broken == ""


def test_what_a_plugin_prints_and_its_threads_do_no_harm() -> None:
    """The answer has a pipe of its own, and the process ends although a thread sleeps."""
    begun = time.monotonic()
    assert probe(odd("chatty")).listing == listing()
    assert time.monotonic() - begun < 15


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("raising", "fails when it is loaded: RuntimeError (broken_plugins.py:"),
        ("exiting", "ended without an answer"),
        ("nothing", "its entry point returned nothing"),
        ("absent", "fails when it is loaded: AttributeError"),
        ("SECRET", "its entry point is not callable"),
        ("lying", "describe returned dict, not a Listing"),
        ("forging", "describe returned faults: listing.slug, listing.title"),
        (
            "scripted_icon",
            "its icon cannot be shown: the icon has an element that is not allowed",
        ),
        ("misspelt", "has hooks that Andock does not know: sync_job"),
        ("wrong_arguments", "its hooks do not have the arguments that Andock hands over"),
        ("half", "lacks hooks: authorize, test, sync_jobs"),
    ],
)
def test_a_broken_plugin_has_a_reason(name: str, reason: str) -> None:
    """The operator reads why, and never what an exception said: that may hold secrets."""
    found = probe(odd(name))
    assert found.listing is None
    assert found.broken.startswith(reason)
    assert SECRET not in found.broken


def test_a_missing_module_is_named() -> None:
    """The most usual fault, a forgotten dependency, is told by name."""
    found = probe(Source("x", "x", "no_such_module:plugin"))
    assert "no_such_module" in found.broken


def test_hooks_of_a_later_sdk_may_be_marked_optional() -> None:
    """A plugin can serve several versions of Andock."""
    assert probe(odd("newer")).broken == ""


def test_hanging_plugins_cost_one_deadline_together() -> None:
    """They are looked at side by side, and a good one beside them is found."""
    begun = time.monotonic()
    sources = [odd("hanging"), odd("good"), odd("hanging")]
    findings = [finding for _, finding in probe_all(sources, seconds=6)]
    assert [f.broken for f in findings] == [
        "did not answer within 6 seconds",
        "",
        "did not answer within 6 seconds",
    ]
    assert time.monotonic() - begun < 11


def test_many_hanging_plugins_do_not_keep_a_process_from_starting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There is a deadline for all together, and a package with one plugin has its turn first."""

    def hang(source: Source, seconds: float) -> Finding:
        time.sleep(seconds if source.distribution == "a-crowd" else 0)
        return Finding(broken=Reason("load.ended") if source.distribution == "a-crowd" else "")

    monkeypatch.setattr(probing, "probe", hang)
    monkeypatch.setattr(probing, "AT_ONCE", 2)
    monkeypatch.setattr(probing, "LEAST_SECONDS", 0.1)
    crowd = [Source("a-crowd", f"{number:02}", "any:any") for number in range(20)]
    begun = time.monotonic()
    found = dict(probe_all([*crowd, odd("good")], seconds=0.5, together=0.7))
    assert time.monotonic() - begun < 5, "one after the other would take ten seconds"
    assert found[odd("good")].broken == ""
    assert found[crowd[-1]].broken == "was not looked at: others took all the time there was"


@pytest.mark.parametrize(
    "answer",
    [b"", b"{", b"[]\n", b'"x"\n', b"{}\n", b'{"listing": 5}\n', b"\xff\xfe\n", b"[" * 5000],
)
def test_an_answer_that_makes_no_sense_is_a_broken_plugin(answer: bytes) -> None:
    """A child process may write anything."""
    assert judge(answer).broken


def test_numbers_in_the_answer_are_checked_too() -> None:
    """Not only the listing comes from the plugin's process."""
    told = {"listing": listing().model_dump(mode="json"), "seconds": "soon", "hooks": 5}
    assert judge(json.dumps(told).encode()).broken


def test_of_two_with_the_same_name_the_first_distribution_counts() -> None:
    """The other is shown as broken, and says who has the name."""
    good = Finding(listing=listing())
    listed = arrange([(Source("b", "p", "b:p"), good), (Source("a", "p", "a:p"), good)])
    assert [(one.distribution, one.broken) for one in listed] == [
        ("a", ""),
        ("b", "the name odd is taken by a"),
    ]
    assert listed[1].listing is None


def catalog(*names: str) -> Catalog:
    """A catalog of these odd plugins and whatever is installed."""
    return Catalog([odd(name).value for name in names])


def test_the_catalog_holds_the_good_and_the_broken() -> None:
    """Both are shown; only good ones are found by name for use."""
    shown = catalog("good", "raising")
    found = shown.get("odd")
    assert isinstance(found, Listed)
    assert found.listing == listing()
    assert any("RuntimeError" in listed.broken for listed in shown.all())
    assert shown.get("never-heard-of") is None
    assert all(not listed.broken for listed in shown.healthy())


def test_plugins_are_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The result holds for the process."""
    shown = catalog("good")
    assert shown.all() == shown.all()
    monkeypatch.setattr("andock_core.host.catalog.probe_all", None)
    assert shown.get("odd") is not None


def test_installed_plugins_are_found_by_their_entry_points() -> None:
    """As any third party's would be: by the group, never by name."""
    assert all(source.distribution and ":" in source.value for source in installed())
    assert installed() == sorted(installed())


def test_looking_at_plugins_imports_none_of_them() -> None:
    """The process that serves pages never runs a plugin's code."""
    code = (
        "import sys\n"
        "from andock_core.host.catalog import Catalog\n"
        "shown = Catalog(['tests.host.odd_plugins:good']).all()\n"
        "assert any(listed.slug == 'odd' for listed in shown)\n"
        "modules = {listed.source.partition(':')[0] for listed in shown}\n"
        "assert modules.isdisjoint(sys.modules), modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
