"""What Graph calls the parts of a contact. What it has no property for lies in MAPI properties,
which it hands out by their tags."""

from andock_sdk.items import AddressKey, PhoneKey

TEXTS = {
    "display_name": "displayName",
    "title": "title",
    "given": "givenName",
    "middle": "middleName",
    "surname": "surname",
    "suffix": "generation",
    "nickname": "nickName",
    "company": "companyName",
    "department": "department",
    "job_title": "jobTitle",
    "website": "businessHomePage",
}
ADDRESSES: dict[AddressKey, str] = {
    "business": "businessAddress",
    "home": "homeAddress",
    "other": "otherAddress",
}
PARTS = {
    "street": "street",
    "city": "city",
    "region": "state",
    "postcode": "postalCode",
    "country": "countryOrRegion",
}
LISTED: dict[str, tuple[PhoneKey, PhoneKey]] = {
    "businessPhones": ("business", "business2"),
    "homePhones": ("home", "home2"),
}
"""Lists of numbers that have no names there: the first and the second."""
TAGGED: dict[PhoneKey, str] = {
    "business_fax": "String 0x3a24",
    "home_fax": "String 0x3a25",
    "pager": "String 0x3a21",
    "other": "String 0x3a1f",
    "assistant": "String 0x3a2e",
    "car": "String 0x3a1e",
    "company_main": "String 0x3a57",
    "callback": "String 0x3a02",
    "isdn": "String 0x3a2d",
    "primary": "String 0x3a1a",
    "radio": "String 0x3a1d",
    "telex": "String 0x3a2c",
    "tty": "String 0x3a4b",
}
"""[MS-OXOCNTC] 2.2.1.4: the telephone properties."""
