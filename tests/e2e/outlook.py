"""The other side, as an independent client sees it: exchangelib straight on the mailbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from exchangelib import BASIC, Account, Configuration, Credentials, EWSTimeZone, FailFast
from exchangelib.protocol import CachingProtocol

BERLIN = EWSTimeZone("Europe/Berlin")


@contextmanager
def mailbox(demo: dict[str, Any], email: str) -> Iterator[Any]:
    """The account of that mailbox of the demo."""
    exchange = demo["exchange"]
    password = next(box["password"] for box in exchange["mailboxes"] if box["email"] == email)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REQUESTS_CA_BUNDLE", exchange["ca_file"])
        CachingProtocol.clear_cache()
        config = Configuration(
            service_endpoint=exchange["ews_url"],
            credentials=Credentials(email, password),
            auth_type=BASIC,
            retry_policy=FailFast(),
        )
        yield Account(
            email,
            config=config,
            autodiscover=False,
            access_type="delegate",
            default_timezone=BERLIN,
        )
        CachingProtocol.clear_cache()
