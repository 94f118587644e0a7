"""The core: plugin host, vault, storage, sync and jobs. Knows no web framework and no plugin."""

__version__ = "1.0.0"
