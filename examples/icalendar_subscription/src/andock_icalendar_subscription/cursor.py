"""The cursor: the marks of the feed that was last read, and the version of each item in it.

A feed cannot say what changed in it, so it is compared with what it held.
"""

import json
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from andock_icalendar_subscription.client import Marks
from andock_sdk import errors

MOST_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class Cursor:
    """`versions`: the first digits of each item's version, by its ref."""

    marks: Marks
    versions: dict[str, str]

    def sealed(self) -> str:
        """As text; about 30 bytes per item."""
        kept = {**vars(self.marks), "versions": self.versions}
        return b64encode(zlib.compress(json.dumps(kept).encode())).decode()


def opened(text: str) -> Cursor:
    """The cursor that a text is. Raises CursorLost."""
    try:
        unpack = zlib.decompressobj()
        kept: Any = json.loads(unpack.decompress(b64decode(text, validate=True), MOST_BYTES))
        versions = {str(ref): str(version) for ref, version in kept["versions"].items()}
        return Cursor(Marks(str(kept["etag"]), str(kept["modified"])), versions)
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error) as error:
        raise errors.CursorLost from error
