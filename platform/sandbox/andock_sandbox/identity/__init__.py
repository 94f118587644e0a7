"""The Microsoft identity platform (v2.0), as far as a calendar needs it.

directory       who may sign in, which apps there are, who agreed to what, refresh tokens
sign_in         the authorize page: password, consent, administrator's approval
token_endpoint  codes and refresh tokens against access tokens
metadata        openid-configuration, keys, instance discovery
"""

from __future__ import annotations

from .apps import App
from .directory import Directory

__all__ = ["App", "Directory"]
