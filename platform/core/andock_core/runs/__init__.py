"""Sync runs: the SQL behind the pure core's store, and how a run starts and ends."""
