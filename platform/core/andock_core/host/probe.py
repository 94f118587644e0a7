"""Looks at one plugin, in a process of its own.

Started as `python -m andock_core.host.probe SOURCE FD [PACKAGE]`. Writes one line of JSON
to the file descriptor: {"listing", "hooks", "jobs", "contract", "warnings", "seconds", "level",
"exempt"}, or {"broken"} (a reason with its key and values), with "contract" when that is known.
Whatever the plugin prints goes elsewhere.
"""

import json
import os
import sys
import time
import warnings
from typing import Any

from andock_core.host import versions
from andock_core.host.faults import describe, trail
from andock_core.host.loading import REQUIRED, NotAPlugin, Plugins, callee
from andock_core.host.reasons import Reason
from andock_sdk import AndockDeprecation, Listing, OwnJob
from andock_sdk.contract import quality
from andock_sdk.versions import deprecated_fields

MOST_WARNINGS = 20


def examine(source: str, distribution: str = "") -> dict[str, Any]:
    """What there is to know of a plugin, as JSON. What it was made for is looked at before any of
    its code runs."""
    try:
        asked = versions.check_requirement(versions.required(distribution))
    except versions.OtherContract as error:
        return {"broken": error.reason}
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", AndockDeprecation)
        found = _examine(source)
    said = [str(each.message) for each in warned if issubclass(each.category, AndockDeprecation)]
    said += found.pop("said", [])
    if "listing" in found:
        claim, fault = claimed(source)
        found |= claim
        said += [fault] if fault else []
    return {"contract": asked, **found, "warnings": list(dict.fromkeys(said))[:MOST_WARNINGS]}


def _examine(source: str) -> dict[str, Any]:
    plugins = Plugins()
    begun = time.monotonic()
    try:
        plugin = plugins.load(source)
    except NotAPlugin as error:
        return {"broken": error.reason}
    except BaseException as error:
        return {"broken": Reason("load.fails", detail=describe(error)), "trail": trail(error)}
    seconds = time.monotonic() - begun
    named = versions.check_attribute(plugin)
    named_too = {"contract": named} if named else {}
    hooks = plugins.hooks(source)
    fault = _fault(hooks, plugins.strangers(source))
    if fault:
        return {"broken": fault, **named_too}
    try:
        listing = plugins.caller(source, "describe")()
    except BaseException as error:
        broken = Reason("describe.fails", detail=describe(error))
        return {"broken": broken, "trail": trail(error), **named_too}
    if not isinstance(listing, Listing):
        return {"broken": Reason("describe.type", type=type(listing).__name__)}
    if listing.sign_in_hosts and "authorized" not in hooks:
        return {"broken": Reason("hooks.authorized")}
    try:
        jobs = _jobs(plugins, source) if "jobs" in hooks else []
    except NotAPlugin as error:
        return {"broken": error.reason}
    except BaseException as error:
        return {"broken": Reason("jobs.fails", detail=describe(error)), "trail": trail(error)}
    return {
        "listing": listing.model_dump(mode="json", warnings=False),
        "hooks": sorted(hooks),
        "jobs": jobs,
        "seconds": seconds,
        "said": list(deprecated_fields(listing)),
        **named_too,
    }


def claimed(source: str) -> tuple[dict[str, Any], str]:
    """What the plugin's quality.toml claims, or what is wrong with it: then it claims nothing."""
    try:
        said = quality.read(quality.find(source))
    except (quality.QualityError, ImportError) as error:
        return {}, f"quality.toml counts for nothing: {error}"
    return {"level": said.level, "exempt": sorted(said.exempt)}, ""


def _jobs(plugins: Plugins, source: str) -> list[dict[str, Any]]:
    """The plugin's own jobs; each can be imported. Raises NotAPlugin, or what its code raises."""
    declared = plugins.caller(source, "jobs")()
    if not isinstance(declared, list | tuple) or not all(isinstance(j, OwnJob) for j in declared):
        raise NotAPlugin(Reason("jobs.type"))
    if len({job.name for job in declared}) < len(declared):
        raise NotAPlugin(Reason("jobs.names"))
    for job in declared:
        callee(job.call)
    return [job.model_dump(mode="json", warnings=False) for job in declared]


def _fault(hooks: frozenset[str], strangers: list[str]) -> Reason | None:
    if strangers:
        return Reason("hooks.unknown", names=", ".join(strangers))
    missing = [hook for hook in REQUIRED if hook not in hooks]
    return Reason("hooks.missing", names=", ".join(missing)) if missing else None


def _told(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "broken": found["broken"].told()} if "broken" in found else found


def main(source: str, descriptor: int, distribution: str) -> None:
    """Examine, answer, and end at once: a plugin's threads do not keep the process."""
    try:
        answer = json.dumps(_told(examine(source, distribution)))
    except (TypeError, ValueError):
        answer = json.dumps(_told({"broken": Reason("describe.no_data")}))
    os.write(descriptor, answer.encode() + b"\n")
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), "".join(sys.argv[3:]))
