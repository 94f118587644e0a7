"""What the SDK, the settings and the command line offer, as the tests of the docs see it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SDK = ROOT / "platform/sdk/andock_sdk"
SETTING = re.compile(r"\b(?:ANDOCK_[A-Z0-9_]+|DATABASE_URL|REDIS_URL)\b")


def fields(folder: Path = SDK) -> Iterator[tuple[str, str, str]]:
    """Each field of each public model below `folder`: "module.Class", its name, and the words on
    it: its own docstring, or its class's where that names it in backticks. "" when there are none.
    """
    for path in sorted(folder.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield from _fields_of(path.stem, node)


def _fields_of(module: str, node: ast.ClassDef) -> Iterator[tuple[str, str, str]]:
    of_class = ast.get_docstring(node) or ""
    for member, following in zip(node.body, [*node.body[1:], None], strict=True):
        if not (isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name)):
            continue
        name = member.target.id
        if name.startswith("_") or "ClassVar" in ast.unparse(member.annotation):
            continue
        named = re.search(rf"`{name}`", of_class)
        yield f"{module}.{node.name}", name, _text(following) or (named[0] if named else "")


def _text(node: ast.stmt | None) -> str:
    """The docstring of the field before it."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return node.value.value if isinstance(node.value.value, str) else ""
    return ""
