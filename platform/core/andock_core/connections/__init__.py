"""A member's connections: added, authorized, tested, chosen from, disconnected.

    added ── test ──▶ authorized ── save ──▶ active ◀── reconnect ── attention
      └───────────────────┴──── disconnect (the row goes) ────┴──────────┘

An active connection runs only while what it would do is what its member agreed to after a preview
(`preferences`, `agreeing`).

`service` and `agreeing` are what pages call, `attempts` is what a worker runs, `status` is what
pages show.
"""
