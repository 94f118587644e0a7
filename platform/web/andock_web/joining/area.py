"""The blueprint, and what its pages share."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import force_locale, gettext as _

from andock_core.accounts import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    PasswordTooLong,
    PasswordTooShort,
)
from andock_core.clock import now
from andock_web import current
from andock_web.language import COOKIE, LANGUAGES, language
from andock_web.profile import zones

pages = Blueprint("joining", __name__, template_folder="templates")


def speaking(wanted: str) -> AbstractContextManager[Any]:
    """The page in this language, unless the visitor chose one or is signed in."""
    if request.cookies.get(COOKIE, "") in LANGUAGES or current.member_or_none() is not None:
        return nullcontext()
    found: AbstractContextManager[Any] = force_locale(wanted if wanted in LANGUAGES else "en")
    return found


def with_zones(
    template: str, form: Mapping[str, str], wrong: Mapping[str, str], **more: Any
) -> str:
    """A form that asks for a zone."""
    locale = "de_DE" if language() == "de" else "en_GB"
    choices = zones.choices(now(), locale)
    return render_template(template, form=form, wrong=wrong, zones=choices, **more)


def of_password(error: PasswordTooShort | PasswordTooLong) -> str:
    """What is wrong with a new password."""
    if isinstance(error, PasswordTooShort):
        return str(_("A password needs at least %(number)s characters.", number=SHORTEST_PASSWORD))
    return str(_("A password has at most %(number)s characters.", number=LONGEST_PASSWORD))


def sentence(key: str) -> tuple[str, str]:
    """Which field a message key of `andock_core.accounts` belongs to, and its words."""
    words = {
        "name.unusable": ("name", _("Please enter a name of at most 200 characters.")),
        "company.unusable": ("company", _("Please enter a name of at most 200 characters.")),
        "email.unusable": ("email", _("Please enter an e-mail address.")),
        "zone.unknown": ("zone", _("There is no such time zone. Choose one of the list.")),
    }
    field, said = words.get(key, words["zone.unknown"])
    return field, str(said)
