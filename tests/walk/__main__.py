"""Walks, and writes docs/route-walk.md: `python -m tests.walk`."""

import tempfile
from pathlib import Path

import pytest

from tests.walk.scene import walked_in
from tests.walk.table import PAGE, page

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        PAGE.write_text(page(walked_in(Path(folder), patched)))
