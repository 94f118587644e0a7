"""How the fields of a Contact are called on Exchange; both ways share these tables."""

TEXTS = {
    "display_name": "DisplayName",
    "given": "GivenName",
    "middle": "MiddleName",
    "nickname": "Nickname",
    "company": "CompanyName",
    "website": "BusinessHomePage",
    "department": "Department",
    "suffix": "Generation",
    "job_title": "JobTitle",
    "surname": "Surname",
}
"""The plain texts."""

PHONES = {
    "assistant": "AssistantPhone",
    "business_fax": "BusinessFax",
    "business": "BusinessPhone",
    "business2": "BusinessPhone2",
    "callback": "Callback",
    "car": "CarPhone",
    "company_main": "CompanyMainPhone",
    "home_fax": "HomeFax",
    "home": "HomePhone",
    "home2": "HomePhone2",
    "isdn": "Isdn",
    "mobile": "MobilePhone",
    "other": "OtherTelephone",
    "pager": "Pager",
    "primary": "PrimaryPhone",
    "radio": "RadioPhone",
    "telex": "Telex",
    "tty": "TtyTddPhone",
}
EMAILS = {"email1": "EmailAddress1", "email2": "EmailAddress2", "email3": "EmailAddress3"}
ADDRESSES = {"business": "Business", "home": "Home", "other": "Other"}
PARTS = {
    "street": "Street",
    "city": "City",
    "region": "State",
    "country": "CountryOrRegion",
    "postcode": "PostalCode",
}
"""The parts of a postal address, in the schema's order."""

TITLE_TAG = 0x3A45
"""PidTagDisplayNamePrefix: EWS shows a title within CompleteName and lets nobody write it there."""
NAMES = frozenset({"display_name", "given", "surname", "company"})
"""The fields that a contact is filed under."""
