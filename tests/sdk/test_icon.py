"""Only plain drawings pass as icons."""

import pytest

from andock_sdk.icon import fault

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


@pytest.mark.parametrize(
    "inside",
    [
        '<path d="M0 0h4v4z" fill="#7c5cff"/>',
        (
            '<defs><linearGradient id="a"><stop offset="0"/></linearGradient></defs>'
            '<rect width="9" height="9" fill="url(#a)"/>'
        ),
        '<symbol id="s"><circle r="2"/></symbol><use href="#s"/><use xlink:href="#s"/>',
        '<g style="fill: red"><title>A</title></g>',
        "<!-- drawn by hand -->",
    ],
)
def test_a_drawing_passes(inside: str) -> None:
    """Shapes, gradients, references within the drawing."""
    assert fault(f"{OPEN}{inside}</svg>") == ""


def test_an_xml_declaration_passes() -> None:
    """Drawing programs write one."""
    assert fault(f'<?xml version="1.0" encoding="UTF-8"?>{OPEN}</svg>') == ""


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<rect onload="alert(1)"/>',
        '<g ONCLICK="x()"/>',
        "<foreignObject><p/></foreignObject>",
        '<image href="https://evil.example/x.png"/>',
        '<use href="https://evil.example/x.svg#a"/>',
        '<use xlink:href="//evil.example/x.svg#a"/>',
        '<rect fill="url(https://evil.example/)"/>',
        "<rect style=\"background: url( '//evil.example' )\"/>",
        '<rect style="background: u\\72l(//evil.example)"/>',
        "<style>@import 'https://evil.example'</style>",
        '<a href="javascript:alert(1)"><rect/></a>',
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<set attributeName="onload" to="x"/>',
        '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
        "<![CDATA[x]]>",
        '<?xml-stylesheet href="https://evil.example"?>',
    ],
)
def test_scripts_and_references_to_the_outside_do_not(inside: str) -> None:
    """Nothing that runs, and nothing that tells somebody else who is looking."""
    assert fault(f"{OPEN}{inside}</svg>")


@pytest.mark.parametrize(
    "icon",
    [
        "",
        "no drawing",
        "<svg/>",
        "<html/>",
        f"{OPEN}<rect></svg>",
        f'<!DOCTYPE svg [<!ENTITY a "b">]>{OPEN}&a;</svg>',
        f"{OPEN}</svg>{OPEN}</svg>",
    ],
)
def test_what_is_no_svg_document_does_not(icon: str) -> None:
    """Also not one whose document type could grow without bound."""
    assert fault(icon)
