"""Describes a plugin's exception without repeating what it says: messages may hold secrets."""

import sys
import traceback
from pathlib import PurePath

LONGEST_TRAIL = 8


def describe(error: BaseException) -> str:
    """The exception's type and where it was raised: "KeyError (client.py:31)".

    Of an import that failed the name of the missing module is told too.
    """
    words = type(error).__name__
    if isinstance(error, ModuleNotFoundError) and error.name:
        words += f" {error.name}"
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, SyntaxError) and error.filename:
        words += f" ({PurePath(error.filename).name}:{error.lineno})"
    elif frames:
        words += f" ({PurePath(frames[-1].filename).name}:{frames[-1].lineno})"
    return words


def trail(error: BaseException) -> list[str]:
    """The last places that an exception went through, the innermost last: "client.py:31 in send".

    Files as they are imported, without the folder that they lie in on this machine; no source
    lines and no values.
    """
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{_imported(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames]
    # Where it comes from is a plugin; how Andock and Python came to load it tells nobody anything.
    of_plugin = [place for place in places if not place.startswith(("andock_core/", "<frozen "))]
    return of_plugin[-LONGEST_TRAIL:]


def _imported(file: str) -> str:
    """A file's path below the folder from which Python imports it."""
    path = PurePath(file)
    for folder in sorted(filter(None, sys.path), key=len, reverse=True):
        if path.is_relative_to(folder):
            return str(path.relative_to(folder))
    return path.name
