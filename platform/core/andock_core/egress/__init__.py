"""Outgoing connections under the operator's policy: see `andock_sdk.Egress`."""

from andock_core.egress.guard import GuardedEgress, Trust

__all__ = ["GuardedEgress", "Trust"]
