"""Templates that are compiled once for all tests of a process: every test has an application of its
own, and compiling its templates would take most of the test's time."""

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class KeptTemplates(BytecodeCache):
    """Compiled templates in memory, by name and file; a changed source is compiled anew."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled before, if it was."""
        kept = self._kept.get(bucket.key)
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was just compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


def keep_templates() -> None:
    """Every application of this process shares them."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": KeptTemplates()}
