"""The docs site: plain Markdown from all over the tree, made into pages by Sphinx (`make docs`).

The source folder is the whole tree, so that links to CONTRIBUTING.md or a room's README lead to
pages and are checked like all others.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

project = "Andock"
author = "The Andock developers"
language = "en"
root_doc = "docs/README"
html_title = "Andock"

extensions = ["myst_parser", "sphinx.ext.autodoc", "pages"]
include_patterns = [
    "*.md",
    "docs/**.md",
    "examples/**README.md",
    "platform/**README.md",
    "platform/sdk/CHANGELOG.md",
    "plugins/*/README.md",
    "tests/*/README.md",
]
exclude_patterns = ["**/template/**", "README.md", "**/.*", "build", "var", ".venv"]

# Markdown stays plain: what a repository browser shows as a link is one here.
myst_heading_anchors = 3

# The SDK's docstrings name code in single backticks.
default_role = "code"
autodoc_member_order = "bysource"
autodoc_default_options = {"exclude-members": "model_config"}
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
add_module_names = False
nitpicky = True
nitpick_ignore_regex = [
    # What other libraries and Python itself document.
    (r"py:.*", r"(pydantic|collections|datetime|logging|requests|socket|ssl|typing|pluggy)\..*"),
    (r"py:.*", r"(BaseModel|Callable|ConfigDict|Self|bool|bytes|datetime|dict|float|frozenset)"),
    (r"py:.*", r"(int|list|object|set|str|tuple|type|Exception|BaseException|Literal|None)"),
    (
        r"py:.*",
        r"(annotated_types\..*|_PydanticGeneralMetadata|FieldInfo|NoneType|PluginManager.*)",
    ),
    # A recursive alias, and bases that are no part of the contract.
    (r"py:.*", r"(JSON|.*\._Data|andock_sdk\.items\.Frozen|Frozen|_Data)"),
]

html_theme = "furo"
html_static_path = ["static", "../../platform/web/andock_web/static"]
html_css_files = ["css/tokens.css", "andock.css"]
html_favicon = "../../platform/web/andock_web/static/mark.svg"
html_logo = html_favicon
html_show_sphinx = False
html_copy_source = False
_TOKENS = {
    "color-brand-primary": "var(--brand)",
    "color-brand-content": "var(--brand)",
    "color-brand-visited": "var(--brand)",
    "color-foreground-primary": "var(--ink)",
    "color-foreground-secondary": "var(--soft)",
    "color-foreground-muted": "var(--soft)",
    "color-foreground-border": "var(--edge)",
    "color-background-primary": "var(--paper)",
    "color-background-secondary": "var(--ground)",
    "color-background-hover": "var(--hover)",
    "color-background-hover--transparent": "transparent",
    "color-background-border": "var(--line)",
    "color-background-item": "var(--line)",
    "color-code-background": "var(--ground)",
    "color-inline-code-background": "var(--ground)",
    "color-highlight-on-target": "var(--brand-wash)",
    "color-announcement-background": "var(--brand-ink)",
    "color-sidebar-item-background--current": "var(--brand-wash)",
    "color-sidebar-link-text--top-level": "var(--ink)",
    "color-api-name": "var(--brand)",
    "color-api-pre-name": "var(--brand)",
    "color-api-overall": "var(--soft)",
    "font-stack": "var(--font)",
}
html_theme_options = {
    "light_css_variables": _TOKENS,
    "dark_css_variables": _TOKENS,
    "top_of_page_buttons": [],
}
