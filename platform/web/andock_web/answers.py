"""What kind of answer a request wants."""

from flask import request


def wants_json() -> bool:
    """Whether a script asks (`fetch.js` says so) rather than a person's navigation."""
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]
