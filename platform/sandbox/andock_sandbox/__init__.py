"""A stand-in for Exchange and Microsoft 365: EWS, Autodiscover, Graph and sign-in over https.

box = Sandbox()
anna = box.add_mailbox("anna@example.test", "secret")
with SandboxServer(box, tls_home=folder) as server:
    ...  # any EWS client at server.ews_url, trusting server.ca_file
    ...  # any Graph client at server.graph_url; its sign-in is at server.cloud_url
"""

from __future__ import annotations

from .errors import EwsError
from .faults import Fault
from .mailbox import Mailbox
from .outbox import Mail
from .sandbox import Redirect, Sandbox, SignIn

__version__ = "1.0.0"
__all__ = ["EwsError", "Fault", "Mail", "Mailbox", "Redirect", "Sandbox", "SignIn"]
