"""Which language and which zone a page speaks, and the translations of shell and areas.

Language: the member's choice, else the cookie's (chosen before signing in), else the tenant's,
else German. Zone: the member's, else the tenant's.
"""

from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask, has_request_context, request
from flask_babel import Babel, get_locale
from werkzeug.wrappers import Response

from andock_core import accounts
from andock_web import current

LANGUAGES = {"de": "Deutsch", "en": "English"}
DEFAULT = "de"
DEFAULT_ZONE = "Europe/Berlin"
COOKIE = "andock_language"
_YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Set up Flask-Babel with the shell's catalogue."""
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(Path(__file__).parent / "translations")
    Babel(app, locale_selector=_choose, timezone_selector=zone_name)


def add_translations(app: Flask, folder: Path) -> None:
    """Add an area's catalogue: a folder with de/LC_MESSAGES/messages.mo."""
    directories: list[str] = app.extensions["babel"].translation_directories
    directories.append(str(folder))


def language() -> str:
    """The page's language: "de" or "en"."""
    return cast(str, get_locale().language) if has_request_context() else DEFAULT


def zone_name() -> str:
    """The IANA name of the reader's zone."""
    member = current.member_or_none()
    return member.zone if member else DEFAULT_ZONE


def zone() -> ZoneInfo:
    """The reader's zone."""
    return ZoneInfo(zone_name())


def remember(response: Response, chosen: str) -> None:
    """Keep a choice: in the browser, and with the member if one is signed in."""
    core = current.core()
    response.set_cookie(
        COOKIE,
        chosen,
        max_age=_YEAR,
        httponly=True,
        samesite="Lax",
        secure=core.settings.secure_cookies,
    )
    member = current.member_or_none()
    if member is not None:
        accounts.set_language(core.storage, member, chosen)


def _choose() -> str:
    member = current.member_or_none()
    if member is not None and member.language_chosen and member.language in LANGUAGES:
        return member.language
    wanted = request.cookies.get(COOKIE, "")
    if wanted in LANGUAGES:
        return wanted
    return member.language if member and member.language in LANGUAGES else DEFAULT
