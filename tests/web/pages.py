"""What the tests' invented area shows, and how to read a page."""

import re
from html import unescape

AREA = """{% extends "shell/base.html" %}{% import "shell/ui.html" as ui %}
{% block title %}Area{% endblock %}
{% block main %}
<h1>Hello {{ who }}</h1>
{{ ui.button("Open", type="button", attrs={"data-opens": "sure"}) }}
{% call ui.dialog("sure", "Are you sure?") %}
{{ ui.button("Keep", type="button", attrs={"data-closes": ""}) }}
{% endcall %}
{% endblock %}"""


def token_in(html: str) -> str:
    """The CSRF token of a page."""
    found = re.search(r'<meta name="csrf-token" content="([^"]+)">', html)
    assert found, "the page has no token"
    return unescape(found[1])
