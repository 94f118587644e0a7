"""A member's connections: added, authorized, tested, chosen from, disconnected.

    added ── test ──▶ authorized ── save ──▶ active ◀── reconnect ── attention
      └───────────────────┴──── disconnect (the row goes) ────┴──────────┘

`service` is what pages call, `attempts` is what a worker runs, `status` is what pages show.
"""
