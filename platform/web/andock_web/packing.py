"""Long answers to scripts, packed for the way.

Only for data: a page that holds a secret token beside what somebody else wrote is never packed,
for the packed length would tell of the token (BREACH).
"""

import gzip

from flask import Response, request

SHORTEST = 4_000
"""Bytes; packing less is not worth it."""


def packed(answer: Response) -> Response:
    """The answer, by gzip when the browser takes it and it pays."""
    answer.vary.add("Accept-Encoding")
    data = answer.get_data()
    if len(data) >= SHORTEST and request.accept_encodings["gzip"] > 0:
        answer.set_data(gzip.compress(data, compresslevel=1, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    return answer
