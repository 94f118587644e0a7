"""The words for error keys: what happened, and what to do next.

Keys are stable and cross the layers; prose lives here (core's keys) and in a plugin's listing
(its own keys, and its own words for ours).
"""

from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext as _l

from andock_sdk.listing import Listing
from andock_sdk.network_messages import NETWORK
from andock_web.language import language


@dataclass(frozen=True)
class Words:
    """One or two plain sentences each."""

    title: str
    advice: str


def message_for(key: str, listing: Listing | None = None) -> Words:
    """The words for `key` in the reader's language: the integration's own first, then ours, then
    those of the SDK for what is the same with every server.

    A key that nobody knows gets the words for "unexpected".
    """
    own = listing.messages.get(key) if listing else None
    if own is None and key not in _WORDS:
        own = NETWORK.get(key)
    if own is not None:
        return Words(own.title.to(language()), own.advice.to(language()))
    title, advice = _WORDS.get(key) or _WORDS["unexpected"]
    return Words(str(title), str(advice))


def known_keys() -> frozenset[str]:
    """Every key that has words of its own here."""
    return frozenset({*_WORDS, *NETWORK})


_WORDS: dict[str, tuple[LazyString, LazyString]] = {
    # The SDK's tree of errors (andock_sdk.errors).
    "unexpected": (
        _l("Something went wrong on our side."),
        _l("Please try again. If it happens again, tell whoever runs Andock for you."),
    ),
    "member": (
        _l("The connection needs you."),
        _l("Open the integration and go through its steps once more."),
    ),
    "sign_in.refused": (
        _l("User name or password was refused."),
        _l(
            "Check both and type the password again. We tried once only, so that your account "
            "is not locked."
        ),
    ),
    "account.other": (
        _l("That is another account."),
        _l(
            "Sign in with the account that this connection belongs to. For another account, "
            "add the integration a second time."
        ),
    ),
    "admin": (
        _l("The other side needs its administrator."),
        _l("Ask your IT department to look at the server, then test again."),
    ),
    "egress.refused": (
        _l("Andock may not call this address."),
        _l(
            "Whoever runs Andock has closed this network to it. Ask them to allow the server, "
            "then test again."
        ),
    ),
    "account.refused": (
        _l("E-mail address or password is wrong."),
        _l(
            "Check both and try again. If you forgot the password, ask an administrator of your "
            "company."
        ),
    ),
    "tries.too_many": (
        _l("Too many tries in a short time."),
        _l("Wait a quarter of an hour, then try again. Nothing you typed was used."),
    ),
    "sign_in.declined": (
        _l("The access was not allowed."),
        _l(
            "You, or the other side, declined. Nothing was changed here. Continue to the sign-in "
            "again if you want to connect after all."
        ),
    ),
    "approval.needed": (
        _l("The administrator of the other side has to approve this first."),
        _l("Ask them to approve Andock for your company, then continue to the sign-in again."),
    ),
    "access.more": (
        _l("For this choice you have to allow more access first."),
        _l("You sign in at the other side once more. What you chose is kept."),
    ),
    "calls.too_many": (
        _l("That was a lot in a short time."),
        _l("Nothing was done. Wait ten minutes, then try again."),
    ),
    "throttled": (
        _l("The other side asks for a pause."),
        _l("There is nothing for you to do. We go on by ourselves in a while."),
    ),
    "cursor.lost": (
        _l("The other side forgot where we were."),
        _l(
            "There is nothing for you to do. The next run compares everything once; nothing is "
            "lost."
        ),
    ),
    "collection.gone": (
        _l("A calendar that you chose is no longer there."),
        _l("Open the connection's settings and choose again. Nothing was deleted here."),
    ),
    "item.gone": (
        _l("This entry is no longer there."),
        _l("It was deleted meanwhile. Reload the page to see what is there now."),
    ),
    "item.conflict": (
        _l("Someone else changed this entry at the same time."),
        _l("Reload the page, look at the change, and make yours again if you still want it."),
    ),
    "item.unrepresentable": (
        _l("The other side cannot hold this entry as it is."),
        _l("Make it simpler, its repetition above all, and save again."),
    ),
    "transient": (
        _l("The other side does not answer right now."),
        _l("There is nothing for you to do. We try again by ourselves in a while."),
    ),
    "plugin.bug": (
        _l("The integration made a mistake."),
        _l("Nothing was lost. Tell whoever runs Andock for you; its publisher has to mend it."),
    ),
    # The plugin host and the jobs.
    "plugin.broken": (
        _l("This integration does not work at present."),
        _l(
            "Whoever runs Andock for you sees the reason. Your other integrations are not affected."
        ),
    ),
    "plugin.switched_off": (
        _l("This integration is switched off at present."),
        _l(
            "Whoever runs Andock for you has switched it off. Your connection and its entries are "
            "kept; it goes on by itself once the integration is switched on again."
        ),
    ),
    # What a company decided, and what a new version asks for.
    "integration.switched_off": (
        _l("Your company has switched this integration off."),
        _l(
            "Nothing is deleted, and nothing is synchronised until it is switched on again. If you "
            "need it, talk to an administrator of your company."
        ),
    ),
    "access.asked": (
        _l("The installed version asks for new access."),
        _l("Nothing is synchronised until you have seen what is new and agreed to it."),
    ),
    "plugin.missing": (
        _l("This integration is no longer installed."),
        _l("Ask whoever runs Andock for you to install it again. Your settings are kept."),
    ),
    "plugin.deadline": (
        _l("The integration took too long."),
        _l("Try again. If it happens again, the server at the other side may be overloaded."),
    ),
    "plugin.hanging": (
        _l("The integration hung and was stopped."),
        _l("Nothing was lost. Try again; if it happens again, tell whoever runs Andock for you."),
    ),
    "plugin.set_aside": (
        _l("This part of the integration failed several times and is not called at present."),
        _l(
            "Your entries synchronise as before. Whoever runs Andock for you lets it in again once "
            "it is mended; after a day it is tried again by itself."
        ),
    ),
    "sync.too_long": (
        _l("The synchronisation took too long and was stopped."),
        _l("What was done stays done. The next run goes on from there by itself."),
    ),
    "documents.newer": (
        _l("These entries were kept by a newer Andock."),
        _l("Nothing was changed. Whoever runs Andock for you has to update it."),
    ),
    "grant.missing": (
        _l("The stored access is gone."),
        _l("Reconnect: type your password once more. Your settings are kept."),
    ),
    "queue.down": (
        _l("Background work is not available right now."),
        _l("Try again in a minute. If it happens again, tell whoever runs Andock for you."),
    ),
    "connection.to_confirm": (
        _l("A preview is waiting for you."),
        _l("Look at what would happen, and agree to it; then the synchronisation goes on."),
    ),
    "attempt.lost": (
        _l("This attempt was interrupted."),
        _l("Start it again. What you typed is kept, except the password."),
    ),
    "attempt.expired": (
        _l("This attempt is more than an hour old."),
        _l("Type the password again and start once more."),
    ),
    "run.abandoned": (
        _l("The last run was interrupted."),
        _l("There is nothing for you to do. The next run finishes what it began."),
    ),
    "run.held": (
        _l("A run wanted to delete unusually much, so it was held."),
        _l("Look at what would be deleted, and decide."),
    ),
    "grant.unreadable": (
        _l("The stored sign-in can no longer be read."),
        _l("Type the password again. Your settings and entries are kept."),
    ),
    # The pages.
    "signed_out": (
        _l("You are signed out."),
        _l("Sign in again; you come back to this page."),
    ),
    "page.outdated": (
        _l("This page is from an earlier sign-in."),
        _l("Nothing was done. Go back, reload the page and do it again."),
    ),
    "request.bad": (
        _l("We could not make sense of that."),
        _l("Nothing was done. Go back, reload the page and try again."),
    ),
    "request.forbidden": (
        _l("You may not do this."),
        _l("Ask an administrator of your company if you need it."),
    ),
    "request.not_found": (
        _l("There is nothing at this address."),
        _l("It may have been moved or deleted, or it was mistyped."),
    ),
    "request.too_large": (
        _l("That is too much at once."),
        _l("Nothing was saved. Make it shorter and try again."),
    ),
    "unavailable": (
        _l("Andock is not available right now."),
        _l("Try again in a minute."),
    ),
}
