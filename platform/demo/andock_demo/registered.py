"""Fills in what whoever runs Andock would: its registration with the stand-in's sign-in."""

import json
from pathlib import Path

from andock_core.authorizing import operator
from andock_core.core import Core

INTEGRATION = "office365-calendar"


def fill_in(core: Core, control: Path) -> None:
    """Take over what the stand-in says of Andock's registration, where that is not done yet or the
    stand-in has moved. Settings for Microsoft's own clouds are left alone."""
    listed = core.catalog.get(INTEGRATION)
    if listed is None or listed.listing is None:
        return
    wanted = json.loads(control.read_text("utf-8"))["registration"]
    kept = operator.read(core.storage, core.vault, INTEGRATION)
    if not kept or kept.get("cloud") == "other":
        operator.put(core, listed.listing, wanted)
