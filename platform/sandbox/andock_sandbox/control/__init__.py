"""The control page of a sandbox: faults, and what Outlook would show of each mailbox."""

from __future__ import annotations

from .server import ControlServer

__all__ = ["ControlServer"]
