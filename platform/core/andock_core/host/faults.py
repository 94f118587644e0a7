"""Describes a plugin's exception without repeating what it says: messages may hold secrets."""

import traceback
from pathlib import PurePath


def describe(error: BaseException) -> str:
    """The exception's type and where it was raised: "KeyError (client.py:31)".

    Of an import that failed the name of the missing module is told too.
    """
    words = type(error).__name__
    if isinstance(error, ModuleNotFoundError) and error.name:
        words += f" {error.name}"
    frames = traceback.extract_tb(error.__traceback__)
    if frames:
        words += f" ({PurePath(frames[-1].filename).name}:{frames[-1].lineno})"
    return words
