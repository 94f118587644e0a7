"""Which of a contact's numbers, e-mail addresses and addresses a card's property is."""

from collections.abc import Container

from andock_sdk.items import AddressKey, EmailKey, PhoneKey

PHONES: tuple[PhoneKey, ...] = (
    *("business", "business2", "business_fax", "home", "home2", "home_fax", "mobile", "pager"),
    *("other", "assistant", "car", "company_main", "callback", "isdn", "primary", "radio"),
    *("telex", "tty"),
)
EMAILS: tuple[EmailKey, ...] = ("email1", "email2", "email3")
ADDRESSES: tuple[AddressKey, ...] = ("business", "home", "other")
OWN_KEY = "X-ANDOCK-KEY"
"""A parameter that names the key where types do not tell it."""

PHONE_TYPES: dict[str, tuple[str, ...]] = {
    "business": ("work", "voice"),
    "business2": ("work", "voice"),
    "business_fax": ("work", "fax"),
    "home": ("home", "voice"),
    "home2": ("home", "voice"),
    "home_fax": ("home", "fax"),
    "mobile": ("cell",),
    "pager": ("pager",),
    "other": ("voice",),
    "assistant": ("x-assistant",),
    "car": ("car",),
    "company_main": ("main",),
    "callback": ("x-callback",),
    "isdn": ("isdn",),
    "primary": ("pref",),
    "radio": ("x-radio",),
    "telex": ("x-telex",),
    "tty": ("textphone",),
}
ADDRESS_TYPES: dict[str, tuple[str, ...]] = {"business": ("work",), "home": ("home",), "other": ()}

_SINGLE = {
    "pager": "pager",
    "cell": "mobile",
    "mobile": "mobile",
    "iphone": "mobile",
    "car": "car",
    "isdn": "isdn",
    "textphone": "tty",
    "x-tty": "tty",
    "tty-tdd": "tty",
    "main": "company_main",
    "x-company": "company_main",
    "x-assistant": "assistant",
    "assistant": "assistant",
    "x-callback": "callback",
    "callback": "callback",
    "x-radio": "radio",
    "radio": "radio",
    "x-telex": "telex",
}


def phone_key(types: set[str], taken: Container[str]) -> str:
    """The key of a number with these types; empty when all that fit are taken."""
    return _free(_phone_choices(types), taken)


def address_key(types: set[str], taken: Container[str]) -> str:
    """The key of an address with these types; empty when all are taken."""
    if "work" in types:
        return _free(("business", "other"), taken)
    if "home" in types:
        return _free(("home", "other"), taken)
    return _free(("other", "business", "home"), taken)


def email_key(taken: Container[str]) -> str:
    """The key of the next e-mail address; empty when there are three."""
    return _free(EMAILS, taken)


def _phone_choices(types: set[str]) -> tuple[str, ...]:
    if "fax" in types:
        return ("home_fax", "business_fax") if "home" in types else ("business_fax", "home_fax")
    for kind, key in _SINGLE.items():
        if kind in types:
            return (key, "other")
    if "work" in types:
        return ("business", "business2", "other")
    if "home" in types:
        return ("home", "home2", "other")
    return ("primary", "other") if types == {"pref"} else ("other", "primary", "callback")


def _free(choices: tuple[str, ...], taken: Container[str]) -> str:
    return next((key for key in choices if key not in taken), "")
