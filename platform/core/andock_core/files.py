"""Small files that only the operator's account may read."""

import os
import stat
from pathlib import Path

from cryptography.fernet import Fernet


def private_file(path: Path) -> str:
    """The content of a key file; created with a fresh Fernet key, mode 0600, when missing.

    Two processes that start at once agree on one key: creation is exclusive and only complete
    files are ever seen. Raises PermissionError when others may read it.
    """
    if not path.exists():
        _create(path, Fernet.generate_key())
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise PermissionError(f"{path} can be read by others (mode {mode:o}): chmod 600 it")
    return path.read_text().strip()


def _create(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(draft, path)  # fails when another process was first: its key counts
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def replace_private(path: Path, content: str) -> None:
    """Put other content into a key file, whole or not at all, mode 0600."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, content.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    draft.replace(path)
