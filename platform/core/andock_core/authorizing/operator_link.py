"""The link to the page with the settings of whoever runs Andock. There is no account above the
companies': who may use the command line makes a link, and the link is what opens the page."""

import base64
import binascii
from datetime import datetime, timedelta

from andock_core import clock
from andock_core.accounts.errors import NoSuchLink
from andock_core.core import Core
from andock_core.vault import Label, SealBroken

LASTS = timedelta(hours=1)
PLACE = "/operator"


def make(core: Core, slug: str) -> str:
    """The address of the page for an integration's settings, good for an hour."""
    seal = core.vault.seal_json(_label(slug), {"until": (clock.now() + LASTS).isoformat()})
    secret = base64.urlsafe_b64encode(seal).decode().rstrip("=")
    return f"{core.settings.base_url}{PLACE}/{slug}/{secret}"


def check(core: Core, slug: str, secret: str) -> None:
    """Raise NoSuchLink for what is none of ours, for another integration's, and for an old one."""
    try:
        padding = "=" * (-len(secret) % 4)
        kept = core.vault.open_json(_label(slug), base64.urlsafe_b64decode(secret + padding))
    except (SealBroken, ValueError, binascii.Error) as error:
        raise NoSuchLink("not ours") from error
    if clock.now() > datetime.fromisoformat(kept["until"]):
        raise NoSuchLink("ended")


def _label(slug: str) -> Label:
    return Label("", "", "operator_settings.link", slug)
