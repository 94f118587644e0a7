"""The contacts' words: what numbers and addresses are called, and what can go wrong."""

from flask_babel import LazyString, gettext as _, lazy_gettext as _l

from andock_core.contacts.vcard import kinds

PHONES: dict[str, LazyString] = {
    "mobile": _l("Mobile"),
    "business": _l("Business"),
    "business2": _l("Business 2"),
    "home": _l("Home"),
    "home2": _l("Home 2"),
    "company_main": _l("Company switchboard"),
    "assistant": _l("Assistant"),
    "business_fax": _l("Fax, business"),
    "home_fax": _l("Fax, home"),
    "primary": _l("Main number"),
    "callback": _l("Call back"),
    "car": _l("Car"),
    "other": _l("Other"),
    "pager": _l("Pager"),
    "isdn": _l("ISDN"),
    "radio": _l("Radio"),
    "telex": _l("Telex"),
    "tty": _l("Text telephone"),
}
ADDRESSES: dict[str, LazyString] = {
    "business": _l("Business address"),
    "home": _l("Home address"),
    "other": _l("Other address"),
}
EMAILS: dict[str, LazyString] = {
    "email1": _l("E-mail"),
    "email2": _l("E-mail 2"),
    "email3": _l("E-mail 3"),
}
FIELDS: dict[str, LazyString] = {
    "contact.empty": _l("Give at least a name, a company, an e-mail address or a number."),
    "field.long": _l("This is too long. Please shorten it."),
    "email.unusable": _l("This is no e-mail address. One looks like name@example.com."),
    "website.unusable": _l("This is no web address. One begins with https://."),
    "birthday.unusable": _l("This is no date. Please choose the day."),
    "phone.twice": _l("There can be one number of each kind. Choose another kind for one of them."),
    "photo.large": _l("This photo is too large. At most 8 MB and 50 megapixels can be used."),
    "photo.unknown": _l("This is no photo that we can read. Use JPEG, PNG, GIF or WebP."),
}
CARDS: dict[str, LazyString] = {
    "card.cut": _l("The file ends in the middle of this card."),
    "card.empty": _l("It holds neither a name nor an address nor a number."),
    "card.unusable": _l("Something in it makes no sense."),
}
FILES: dict[str, tuple[LazyString, LazyString]] = {
    "file.large": (
        _l("The file is larger than 5 MB."),
        _l(
            "Nothing was imported. Export your contacts in parts, or without photos, and try again."
        ),
    ),
    "file.many": (
        _l("The file holds more than 2,000 cards."),
        _l("Nothing was imported. Export your contacts in parts and import one after the other."),
    ),
    "file.none": (
        _l("There is no vCard in this file."),
        _l("Choose a file that ends in .vcf. Mail and address book programs export such files."),
    ),
    "file.missing": (
        _l("No file was chosen."),
        _l("Choose a file that ends in .vcf."),
    ),
    "import.gone": (
        _l("This import is no longer there."),
        _l("It was finished, or is more than an hour old. Choose the file again."),
    ),
}


def phone_label(key: str) -> str:
    """What a number is called."""
    return str(PHONES.get(key, PHONES["other"]))


def field_words(key: str) -> str:
    """What is wrong with a field, as one sentence."""
    return str(FIELDS.get(key) or _("This cannot be used."))


def file_words(key: str) -> tuple[str, str]:
    """What is wrong with a file, and what to do."""
    title, advice = FILES.get(key) or FILES["file.none"]
    return str(title), str(advice)


def phone_options() -> list[dict[str, str]]:
    """The kinds of numbers for a select, the common ones first."""
    return [{"value": key, "label": phone_label(key)} for key in PHONES if key in kinds.PHONES]
