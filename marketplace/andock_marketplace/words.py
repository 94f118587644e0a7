"""The marketplace's own words: error keys, states, categories. Lazy, in the reader's language."""

from flask_babel import LazyString, lazy_gettext as _l

from andock_marketplace.authorizing import words as authorizing
from andock_sdk import Listing
from andock_web.messages import Words, message_for

CATEGORIES: dict[str, LazyString] = {
    "calendar": _l("Calendar"),
    "contacts": _l("Contacts"),
    "tasks": _l("Tasks"),
}


def words_for(key: str, listing: Listing | None = None) -> Words:
    """The words for an error: the integration's own first, then the marketplace's, then core's."""
    if key in _ERRORS and not (listing and key in listing.messages):
        title, advice = _ERRORS[key]
        return Words(str(title), str(advice))
    return message_for(key, listing)


_ERRORS: dict[str, tuple[LazyString, LazyString]] = {
    **authorizing.ERRORS,
    "answers.refused": (
        _l("Something in the form is missing or does not fit."),
        _l("Look at the marked fields, and type the password again."),
    ),
    "account.connected": (
        _l("This account is connected already."),
        _l("Use the connection that you have. To connect another account, sign in with that one."),
    ),
    "choice.empty": (
        _l("Nothing is chosen yet."),
        _l("Switch something on, and choose the calendar or folder for it."),
    ),
    "calendar.taken": (
        _l("Another connection already holds the one calendar."),
        _l(
            "Andock's appointments can be in step with one calendar only. Import this one instead, "
            "or let go of it in the other connection first."
        ),
    ),
    "contacts.taken": (
        _l("Another connection already has your contacts."),
        _l("Contacts can be in step with one folder only. Switch them off there first."),
    ),
    "planning.taken": (
        _l("Another connection already has your tasks or calls."),
        _l("They can go to one mailbox only. Switch them off there first."),
    ),
    "planning.no_calendar": (
        _l("Tasks and calls need a calendar."),
        _l("Choose the one calendar in step, or another one for them."),
    ),
    "contacts.no_folder": (
        _l("Contacts need a folder."),
        _l("Choose the folder that is to be in step with your contacts."),
    ),
    "letting_go.ask": (
        _l("One question before this is saved."),
        _l("Say what becomes of what was brought in."),
    ),
    "connection.too_many": (
        _l("You have as many connections as one person may have."),
        _l("Disconnect one that you no longer need, then add this one."),
    ),
    "connection.not_ready": (
        _l("A step is still missing."),
        _l("Go through the steps in order. What you did before is kept."),
    ),
    "preview.stale": (
        _l("Something was changed since this preview."),
        _l("Look at what would happen now, then agree to that."),
    ),
    "integration.on_request": (
        _l("Your company has to approve this integration for you first."),
        _l("Ask for it on its page; an administrator of your company decides."),
    ),
    "request.not_needed": (
        _l("You need not ask for this integration."),
        _l("Add it right away."),
    ),
    "request.asked_already": (
        _l("You have asked for this integration already."),
        _l("You are told as soon as an administrator of your company has decided."),
    ),
    "integration.not_offered": (
        _l("This integration cannot be used at present."),
        _l("It does not work or is no longer installed. Whoever runs Andock sees the reason."),
    ),
    "field.required": (_l("Please fill this in."), _l("It cannot stay empty.")),
    "field.not_offered": (
        _l("This choice is no longer offered."),
        _l("Choose one of those shown."),
    ),
    "field.number": (_l("Please type a number."), _l("Without anything around it.")),
    "field.range": (_l("This number is too small or too large."), _l("Look at what is possible.")),
    "field.too_long": (_l("That is too long."), _l("Please shorten it.")),
    "trust.not_admin": (
        _l("Only an admin of your company decides this."),
        _l("Ask one of them."),
    ),
    "trust.no_certificate": (
        _l("There is no certificate that could be approved."),
        _l("Run the test again to see what the server shows now."),
    ),
    "trust.too_many": (
        _l("Too many of your questions are still open."),
        _l("Wait until your company's admin has answered some of them."),
    ),
    "authority.unreadable": (
        _l("This file holds no certificate that Andock can read."),
        _l("Upload the authority's certificate as a PEM file (.pem, .crt or .cer)."),
    ),
    "authority.too_large": (
        _l("This file is too large."),
        _l("A certificate has a few kilobytes; at most 64 are taken."),
    ),
    "authority.too_many": (
        _l("This file holds too many certificates."),
        _l("Upload your company's own authority alone."),
    ),
    "authority.private_key": (
        _l("This file holds a private key, and nothing of it was kept."),
        _l("Upload the certificate alone. The key belongs to nobody but its owner."),
    ),
    "authority.not_authority": (
        _l("This is a server's certificate, not an authority's."),
        _l(
            "Upload the certificate of the authority that issued it. A single server's "
            "certificate is approved when a member asks for it."
        ),
    ),
    "authority.ended": (
        _l("This authority's certificate has expired."),
        _l("Upload the one that is valid now."),
    ),
    "authority.weak": (
        _l("This authority's key is too short to be trusted."),
        _l("Keys of RSA need 2048 bits or more."),
    ),
    "authority.domain": (
        _l("This does not look like a domain."),
        _l("Write it like company.com, or leave it empty."),
    ),
}
