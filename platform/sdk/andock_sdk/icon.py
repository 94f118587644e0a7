"""Icons come from plugins and are shown on our pages: only plain drawings pass.

Pages show an icon as an image, where browsers run no script; this check is the second lock, for
someone who opens the icon's own address.
"""

import re
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"
SHAPES = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan")
PAINT = ("linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern")
ELEMENTS = frozenset(("svg", "g", "defs", "symbol", "use", "title", "desc", *SHAPES, *PAINT))
FOREIGN = re.compile(r"url\s*\(\s*['\"]?\s*(?!#)|javascript:|data:|expression\s*\(|@import", re.I)


def fault(icon: str) -> str:
    """What is wrong with an icon, in plain English; empty when nothing is."""
    text = icon.strip()
    if "<!" in text.replace("<!--", "") or "<?" in text.removeprefix("<?xml "):
        return "the icon has a document type or an instruction"  # entities grow without bound
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - no document type, so no entities
    except (ElementTree.ParseError, ValueError):
        return "the icon is not XML"
    if root.tag != SVG + "svg":
        return "the icon is not an SVG document"
    for element in root.iter():
        name = str(element.tag).removeprefix(SVG)
        if name not in ELEMENTS:
            return f"the icon has an element that is not allowed: {name[:40]}"
        for attribute, value in element.attrib.items():
            reason = _attribute_fault(attribute, value)
            if reason:
                return reason
    return ""


def _attribute_fault(attribute: str, value: str) -> str:
    name = attribute.removeprefix(XLINK).lower()
    if name.startswith("on"):
        return f"the icon has a script: {name[:40]}"
    if name == "href" and not value.strip().startswith("#"):
        return "the icon refers to something outside"
    if FOREIGN.search(value) or "\\" in value:
        return "the icon refers to something outside"
    return ""
