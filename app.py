"""The WSGI application: `gunicorn app:app`. Settings come from the environment (see README.md)."""

from andock_marketplace.wsgi import app

__all__ = ["app"]
