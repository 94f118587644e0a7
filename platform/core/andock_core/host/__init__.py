"""The plugin host: keeps plugins' code at arm's length.

Importing and `describe` happen in child processes (probing.py), their results are data
(catalog.py). All other hooks are called in a worker's work-horse, with deadlines (calls.py).
"""

from andock_core.host.catalog import Catalog, Listed
from andock_core.host.registry import switched_off

__all__ = ["Catalog", "Listed", "switched_off"]
