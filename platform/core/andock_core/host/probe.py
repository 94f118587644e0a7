"""Looks at one plugin, in a process of its own: `python -m andock_core.host.probe SOURCE FD`.

Writes one line of JSON to the file descriptor: {"listing", "hooks", "seconds"} or {"broken"}.
Whatever the plugin prints goes elsewhere.
"""

import json
import os
import sys
import time
from typing import Any

from andock_core.host.faults import describe
from andock_core.host.loading import REQUIRED, NotAPlugin, Plugins
from andock_sdk import Listing


def examine(source: str) -> dict[str, Any]:
    """What there is to know of a plugin, as JSON."""
    plugins = Plugins()
    begun = time.monotonic()
    try:
        plugins.load(source)
    except NotAPlugin as error:
        return {"broken": str(error)}
    except BaseException as error:
        return {"broken": f"fails when it is loaded: {describe(error)}"}
    seconds = time.monotonic() - begun
    hooks = plugins.hooks(source)
    fault = _fault(hooks, plugins.strangers(source))
    if fault:
        return {"broken": fault}
    try:
        listing = plugins.caller(source, "describe")()
    except BaseException as error:
        return {"broken": f"describe fails: {describe(error)}"}
    if not isinstance(listing, Listing):
        return {"broken": f"describe returned {type(listing).__name__}, not a Listing"}
    shown = listing.model_dump(mode="json", warnings=False)
    return {"listing": shown, "hooks": sorted(hooks), "seconds": seconds}


def _fault(hooks: frozenset[str], strangers: list[str]) -> str:
    if strangers:
        return f"has hooks that Andock does not know: {', '.join(strangers)}"
    missing = [hook for hook in REQUIRED if hook not in hooks]
    return f"lacks hooks: {', '.join(missing)}" if missing else ""


def main(source: str, descriptor: int) -> None:
    """Examine, answer, and end at once: a plugin's threads do not keep the process."""
    try:
        answer = json.dumps(examine(source))
    except (TypeError, ValueError):
        answer = json.dumps({"broken": "describe returned something that is not data"})
    os.write(descriptor, answer.encode() + b"\n")
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
