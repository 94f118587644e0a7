"""Notices: what a member is told in the app, and by mail where the operator set that up.

`tell` belongs into the transaction that does the deed; `post` sends the mails, after its commit.
The web has the words for each kind (`andock_web.notices`), `andock_core.mail` those of the mails.
"""

from andock_core.notices.mailing import mail_out, post
from andock_core.notices.store import (
    Shown,
    listed,
    mark_all_read,
    mark_read,
    purge,
    settle,
    tell,
    tell_admins,
    unread,
)

__all__ = [
    "Shown",
    "listed",
    "mail_out",
    "mark_all_read",
    "mark_read",
    "post",
    "purge",
    "settle",
    "tell",
    "tell_admins",
    "unread",
]
