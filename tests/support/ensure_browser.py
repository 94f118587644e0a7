"""Find a Chromium for the browser tests, or get one: `python tests/support/ensure_browser.py`.

In this order: ANDOCK_CHROMIUM, a Chromium or Chrome on the path, Playwright's own download,
`playwright install chromium`, the system's package manager where that needs no password.
When nothing helps, it ends with the line to type.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ADVICE = """The browser tests need a Chromium, and none could be found or installed. Type one of:
  sudo apt-get install chromium              (Debian, Ubuntu)
  sudo dnf install chromium                  (Fedora)
  .venv/bin/python -m playwright install chromium
or name one that you have:
  ANDOCK_CHROMIUM=/path/to/chromium make test"""


def main() -> None:
    """Print where a Chromium is, after installing one if there was none."""
    found = find_chromium() or install_chromium()
    if found is None:
        sys.exit(ADVICE)
    print(f"Browser tests use {found}")


def find_chromium() -> str | None:
    """Path of a usable Chromium, None when there is none yet."""
    named = os.environ.get("ANDOCK_CHROMIUM")
    if named:
        if not os.access(named, os.X_OK):
            sys.exit(f"ANDOCK_CHROMIUM names {named}, which is not a program.")
        return named
    on_path = next((path for name in NAMES if (path := shutil.which(name))), None)
    on_mac = next((path for path in MAC_APPLICATIONS if os.access(path, os.X_OK)), None)
    return on_path or on_mac or playwrights_own()


def playwrights_own() -> str | None:
    """Path of the Chromium that Playwright downloaded for itself, if it did."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install_chromium() -> str | None:
    """Try the ways of getting a Chromium, one after the other; path of what came of it."""
    if succeeds([sys.executable, "-m", "playwright", "install", "chromium"]) and (
        path := find_chromium()
    ):
        return path
    if shutil.which("apt-get") and (root := as_root()) is not None:
        apt = [*root, "apt-get", "-o", "DPkg::Lock::Timeout=120"]
        if succeeds([*apt, "update"]):
            succeeds([*apt, "install", "-y", "--no-install-recommends", "chromium"])
    return find_chromium()


def as_root() -> list[str] | None:
    """What to put before a command that needs root; None where that would ask for a password."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and succeeds(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


def succeeds(command: list[str]) -> bool:
    """Run a command without asking anything; whether it ended well. Only a failure is told."""
    print("$ " + " ".join(command), flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=environment,
            timeout=900,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"  {error}")
        return False
    if done.returncode != 0:
        last = [line for line in done.stdout.splitlines() if line.strip()][-3:]
        print("\n".join(f"  {line}" for line in last))
    return done.returncode == 0


if __name__ == "__main__":
    main()
