"""Which plugins are under development, and noticing that one has changed."""

import queue
import sys
import time
from pathlib import Path

import pytest

from andock_core.developer.reloading import follow, place
from andock_core.host import Catalog

SOURCE = """
from andock_sdk import Text
from tests.host.odd_plugins import Good, listing, hookimpl

class Live(Good):
    @hookimpl
    def describe(self):
        return listing("live").model_copy(update={{"title": Text(en="{title}")}})

def plugin():
    return Live()
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a plugin under development, found by Python as an editable install is."""
    folder = tmp_path / "live_plugin"
    folder.mkdir()
    (folder / "__init__.py").write_text(SOURCE.format(title="Before"))
    monkeypatch.syspath_prepend(tmp_path)
    return folder / "__init__.py"


def test_what_lies_where_it_was_written_is_under_development(package: Path) -> None:
    assert place("live_plugin:plugin") == package.parent.resolve()
    assert "live_plugin" not in sys.modules


@pytest.mark.parametrize("source", ["flask:Flask", "json:loads", "no_such_module:x", ":", "sys:x"])
def test_what_is_installed_for_good_is_not(source: str) -> None:
    assert place(source) is None


def test_a_change_is_noticed_and_the_plugin_looked_at_anew(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this process's catalog, without importing the plugin here."""
    monkeypatch.setattr("andock_core.host.catalog.installed", list)
    catalog = Catalog(("live_plugin:plugin",))
    told: queue.Queue[set[str]] = queue.Queue()
    follow([listed.source for listed in catalog.all()], told.put)
    deadline = time.monotonic() + 20
    while told.empty() and time.monotonic() < deadline:  # following begins in a thread
        package.write_text(SOURCE.format(title="Afterwards"))
        time.sleep(0.3)
    assert told.get(timeout=1) == {"live_plugin:plugin"}
    catalog.look_again({"live_plugin:plugin"})
    listed = catalog.get("live")
    assert listed is not None
    assert listed.listing is not None
    assert listed.listing.title.en == "Afterwards"
    assert "live_plugin" not in sys.modules
