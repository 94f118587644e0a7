"""Notes as pages may show them. What the other side holds is kept as it is, for writing back."""

import html

import nh3

from andock_core.calendar import plain
from andock_sdk import Body

TAGS = {
    *("p", "br", "div", "span", "b", "strong", "i", "em", "u", "s", "a", "ul", "ol", "li"),
    *("h1", "h2", "h3", "h4", "blockquote", "pre", "code", "hr"),
    *("table", "thead", "tbody", "tr", "td", "th"),
}
LONGEST_SHOWN = 64_000
"""Characters that the details show; a form has all of them, so that nothing is lost on saving."""
SCHEMES = {"http", "https", "mailto", "tel"}


def cleaned(body: Body) -> str:
    """The notes as safe HTML: no scripts, styles, pictures or anything fetched from elsewhere."""
    content = body.content.strip()
    if len(content) > LONGEST_SHOWN:
        content = content[:LONGEST_SHOWN] + " …"
    if body.kind == "text":
        return html.escape(content).replace("\n", "<br>")
    return nh3.clean(
        content,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    ).strip()


def edited(body: Body, text: str) -> Body:
    """The body after somebody edited its text; untouched text leaves it as it came."""
    text = text.replace("\r\n", "\n")
    if text.strip() == plain.as_text(body).replace("\r\n", "\n").strip():
        return body
    return Body(kind="text", content=text.strip())
