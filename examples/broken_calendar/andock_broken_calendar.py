"""Raises when it is imported: a dependency that somebody forgot to declare, say."""

SECRET = "an exception's words may hold a secret"  # noqa: S105 - that is what the tests look for

raise RuntimeError(SECRET)
