"""FindItem: restrictions, orders, pages."""

import pytest

from andock_sandbox import Mailbox
from tests.sandbox.client import IDS, Client, shape
from tests.sandbox.exchange_client import utc

SUBJECTS = shape("item:Subject")


@pytest.fixture(autouse=True)
def _entries(anna: Mailbox) -> None:
    for day, subject, place in ((1, "Alpha", "Bonn"), (2, "Beta", ""), (3, "Gamma", "Köln")):
        anna.add_event(
            anna.calendar,
            subject,
            utc(2026, 12, day, 9),
            utc(2026, 12, day, 10),
            location=place,
            categories=["Rot"] if day == 1 else [],
            uid=f"uid-{day}@x.test",
        )


def field(uri: str) -> str:
    """A path."""
    return f'<t:FieldURI FieldURI="{uri}"/>'


def compare(kind: str, uri: str, value: str) -> str:
    """A comparison with a constant."""
    constant = f'<t:FieldURIOrConstant><t:Constant Value="{value}"/></t:FieldURIOrConstant>'
    return f"<t:{kind}>{field(uri)}{constant}</t:{kind}>"


def contains(uri: str, value: str, mode: str = "Substring", how: str = "IgnoreCase") -> str:
    """A text search."""
    return (
        f'<t:Contains ContainmentMode="{mode}" ContainmentComparison="{how}">{field(uri)}'
        f'<t:Constant Value="{value}"/></t:Contains>'
    )


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (compare("IsEqualTo", "item:Subject", "beta"), "Beta"),
        (compare("IsNotEqualTo", "item:Subject", "Beta"), "Alpha Gamma"),
        (compare("IsGreaterThan", "calendar:Start", "2026-12-02T10:00:00+01:00"), "Gamma"),
        (
            compare("IsGreaterThanOrEqualTo", "calendar:Start", "2026-12-02T10:00:00+01:00"),
            "Beta Gamma",
        ),
        (compare("IsLessThan", "calendar:End", "2026-12-02T09:30:00Z"), "Alpha"),
        (compare("IsEqualTo", "calendar:IsAllDayEvent", "false"), "Alpha Beta Gamma"),
        (compare("IsEqualTo", "item:Categories", "rot"), "Alpha"),
        (contains("item:Subject", "AM"), "Gamma"),
        (contains("item:Subject", "al", "Prefixed"), "Alpha"),
        (contains("item:Subject", "al", "Prefixed", "Exact"), ""),
        (contains("calendar:Location", "Köln", "FullString"), "Gamma"),
        (f"<t:Exists>{field('calendar:Location')}</t:Exists>", "Alpha Gamma"),
        (f"<t:Not><t:Exists>{field('calendar:Location')}</t:Exists></t:Not>", "Beta"),
        (
            "<t:Or>"
            + compare("IsEqualTo", "item:Subject", "Alpha")
            + compare("IsEqualTo", "item:Subject", "Beta")
            + "</t:Or>",
            "Alpha Beta",
        ),
        (
            "<t:And>"
            + contains("item:Subject", "a")
            + contains("calendar:Location", "o")
            + "</t:And>",
            "Alpha",
        ),
    ],
)
def test_a_restriction_finds(client: Client, expression: str, expected: str) -> None:
    """Text compares without case, instants as instants."""
    reply = client.find(f"<m:Restriction>{expression}</m:Restriction>", SUBJECTS)
    assert sorted(reply.texts("//t:Subject")) == expected.split()


def test_a_uid_is_not_searchable_but_its_global_object_id_is(client: Client) -> None:
    """As on Exchange: [MS-OXOCAL] CleanGlobalObjectId."""
    refused = client.find(
        f"<m:Restriction>{compare('IsEqualTo', 'calendar:UID', 'uid-2@x.test')}</m:Restriction>"
    )
    assert refused.codes == ["ErrorUnsupportedPathForQuery"]
    path = (
        '<t:ExtendedFieldURI DistinguishedPropertySetId="Meeting" PropertyId="35"'
        ' PropertyType="Binary"/>'
    )
    asked = (
        "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>"
        f"{path}{field('item:Subject')}</t:AdditionalProperties></m:ItemShape>"
    )
    listed = client.find("", asked)
    values = dict(zip(listed.texts("//t:Subject"), listed.texts("//t:Value"), strict=True))
    constant = (
        f'<t:FieldURIOrConstant><t:Constant Value="{values["Beta"]}"/></t:FieldURIOrConstant>'
    )
    found = client.find(
        f"<m:Restriction><t:IsEqualTo>{path}{constant}</t:IsEqualTo></m:Restriction>", SUBJECTS
    )
    assert found.texts("//t:Subject") == ["Beta"]


def test_pages_cover_everything_once(client: Client) -> None:
    """From the beginning and from the end."""

    def page(offset: int, base: str = "Beginning") -> tuple[list[str], str, str]:
        reply = client.find(
            f'<m:IndexedPageItemView MaxEntriesReturned="2" Offset="{offset}" BasePoint="{base}"/>',
            SUBJECTS,
        )
        [root] = reply.xml.iter("{*}RootFolder")
        return (
            reply.texts("//t:Subject"),
            str(root.get("IncludesLastItemInRange")),
            str(root.get("IndexedPagingOffset")),
        )

    assert page(0) == (["Alpha", "Beta"], "false", "2")
    assert page(2) == (["Gamma"], "true", "3")
    assert page(9) == ([], "true", "3")
    assert page(0, "End") == (["Beta", "Gamma"], "false", "2")


def test_an_order_is_kept(client: Client) -> None:
    """By two fields, descending."""
    order = (
        "<m:SortOrder><t:FieldOrder Order='Descending'>"
        + field("calendar:Start")
        + "</t:FieldOrder><t:FieldOrder Order='Ascending'>"
        + field("item:Subject")
        + "</t:FieldOrder></m:SortOrder>"
    )
    assert client.find(order, SUBJECTS).texts("//t:Subject") == ["Gamma", "Beta", "Alpha"]


def test_an_empty_page_is_refused(client: Client) -> None:
    """ErrorInvalidPagingMaxRows, ErrorInvalidIndexedPagingParameters."""
    view = '<m:IndexedPageItemView MaxEntriesReturned="{}" Offset="{}" BasePoint="Beginning"/>'
    assert client.find(view.format(0, 0), IDS).codes == ["ErrorInvalidPagingMaxRows"]
    assert client.find(view.format(1, -1), IDS).codes == ["ErrorInvalidIndexedPagingParameters"]


@pytest.mark.parametrize(
    ("fraction", "expected", "following", "last"),
    [
        ((0, 3), "Alpha Beta", "2", "false"),
        ((1, 3), "Beta Gamma", "3", "true"),
        ((2, 3), "Gamma", "3", "true"),
        ((1, 1), "", "3", "true"),
    ],
)
def test_a_page_begins_at_a_fraction(
    client: Client, fraction: tuple[int, int], expected: str, following: str, last: str
) -> None:
    """The answer tells where the next one begins, over the whole as denominator."""
    reply = client.find(
        f'<m:FractionalPageItemView MaxEntriesReturned="2" Numerator="{fraction[0]}"'
        f' Denominator="{fraction[1]}"/>',
        SUBJECTS,
    )
    assert reply.texts("//t:Subject") == expected.split()
    assert reply.texts("//m:RootFolder/@NumeratorOffset") == [following]
    assert reply.texts("//m:RootFolder/@AbsoluteDenominator") == ["3"]
    assert reply.texts("//m:RootFolder/@IncludesLastItemInRange") == [last]


@pytest.mark.parametrize("fraction", [(2, 1), (-1, 2), (0, 0)])
def test_an_impossible_fraction_is_refused(client: Client, fraction: tuple[int, int]) -> None:
    """Beyond the list, before it, of nothing."""
    reply = client.find(
        f'<m:FractionalPageItemView Numerator="{fraction[0]}" Denominator="{fraction[1]}"/>'
    )
    assert reply.codes == ["ErrorInvalidFractionalPagingParameters"]
