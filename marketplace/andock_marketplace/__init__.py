"""The marketplace: browse, add, authorize, test, choose, and look after one's connections."""

from andock_marketplace.pages import register

__all__ = ["register"]
