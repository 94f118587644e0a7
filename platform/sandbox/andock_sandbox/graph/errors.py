"""What Graph says when it refuses."""

from __future__ import annotations

import uuid

from .. import times
from ..errors import TEXTS, EwsError
from ..model import Json

# The http status that goes with a code of the mailbox store; 400 otherwise.
_STATUS = {
    "ErrorItemNotFound": 404,
    "ErrorFolderNotFound": 404,
    "ErrorAccessDenied": 403,
    "ErrorIrresolvableConflict": 412,
    "ErrorFolderExists": 409,
    "ErrorServerBusy": 503,
    "ErrorMailboxMoveInProgress": 503,
    "ErrorInternalServerError": 500,
}
# A planned fault's status as Graph words it.
BY_STATUS = {
    400: ("BadRequest", "Bad request."),
    401: ("InvalidAuthenticationToken", "Access token has expired or is not yet valid."),
    403: ("ErrorAccessDenied", "Access is denied. Check credentials and try again."),
    404: ("ErrorItemNotFound", "The specified object was not found in the store."),
    409: ("Conflict", "The request conflicts with what is there."),
    410: ("SyncStateNotFound", "The sync state generation is not found."),
    412: (
        "ErrorIrresolvableConflict",
        TEXTS["ErrorIrresolvableConflict"],
    ),
    423: ("resourceLocked", "The resource is locked."),
    429: ("ApplicationThrottled", "Application is over its MailboxConcurrency limit."),
    500: ("InternalServerError", "The server has failed."),
    501: ("notSupported", "This operation is not supported."),
    502: ("BadGateway", "Bad gateway."),
    503: ("ServiceUnavailable", "The service is unavailable. Please try again later."),
    504: ("UnknownError", "The gateway got no answer in time."),
}


class GraphError(Exception):
    """A refusal: http status, ``code`` and ``text`` of the body, further headers."""

    def __init__(
        self,
        status: int,
        code: str = "",
        text: str = "",
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        known = BY_STATUS.get(status, ("UnknownError", ""))
        self.status, self.headers = status, headers
        self.code, self.text = code or known[0], text or known[1]
        super().__init__(f"{status} {self.code}: {self.text}")

    def body(self, request_id: str = "") -> Json:
        """The answer's body."""
        known = request_id or str(uuid.uuid4())
        return {
            "error": {
                "code": self.code,
                "message": self.text,
                "innerError": {
                    "date": times.now().rstrip("Z"),
                    "request-id": known,
                    "client-request-id": known,
                },
            }
        }


def of_store(error: EwsError) -> GraphError:
    """What the mailbox store refuses, as Graph tells it."""
    return GraphError(_STATUS.get(error.code, 400), error.code, error.text)


def bad_property(name: str, text: str = "") -> GraphError:
    """A body that holds something else than its type says."""
    return GraphError(400, "RequestBodyRead", text or f"Cannot read the value of '{name}'.")


def bad_query(text: str) -> GraphError:
    """A query option that is malformed, or that the resource does not take."""
    return GraphError(400, "ErrorInvalidUrlQuery", text)
