"""The data folder: one run at a time, passwords that last, and demo.json for scripts."""

import fcntl
import json
import os
import secrets
from pathlib import Path
from typing import Any, TextIO

from andock_demo.people import PEOPLE
from andock_demo.settings import CannotStart

LOCK = "demo.lock"
PASSWORDS = "demo-passwords.json"
READY = "demo.json"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that a reader mistakes for another


def open_home(home: Path) -> TextIO:
    """Create the data folder and take its lock; the lock lasts as long as the answer is open."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (home / LOCK).open("a+")
    except OSError as error:
        raise CannotStart(
            f"The data folder {home} cannot be used: {error.strerror}.\n"
            "Name another one: ANDOCK_HOME=/some/folder make run"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        running = lock.read().strip()
        lock.close()
        raise CannotStart(
            f"Andock runs on {home} already (process {running}). End that one first, or\n"
            "choose another data folder and other ports:\n"
            "  ANDOCK_HOME=var2 ANDOCK_PORT=8601 ANDOCK_SANDBOX_PORT=8644 make run"
        ) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def load_passwords(home: Path) -> dict[str, dict[str, str]]:
    """Passwords by e-mail address, of two kinds: "andock" and, with a mailbox, "exchange".

    Made up once per data folder, then kept.
    """
    path = home / PASSWORDS
    kept: dict[str, dict[str, str]] = json.loads(path.read_text()) if path.exists() else {}
    wanted = {
        person.email: {
            "andock": made_up_password(),
            **({"exchange": made_up_password()} if person.login else {}),
        }
        for person in PEOPLE
    }
    passwords = {email: {**fresh, **kept.get(email, {})} for email, fresh in wanted.items()}
    if passwords != kept:
        write_private(path, passwords)
    return passwords


def made_up_password() -> str:
    """Twelve random characters in groups, easy to type off a screen (59 bits)."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def write_private(path: Path, content: Any) -> None:
    """Write JSON that only this user may read, so that no reader ever sees half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2, ensure_ascii=False)
        file.write("\n")
    draft.replace(path)
