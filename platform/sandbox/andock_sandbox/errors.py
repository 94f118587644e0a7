"""What can go wrong with a request, in Exchange's own terms.

    EwsError            one response message fails (ResponseClass="Error")
    └── RequestFault    the whole request fails (a SOAP fault with HTTP status 500)

Codes are those of the ResponseCode element in Microsoft's EWS reference.
"""

from __future__ import annotations

TEXTS = {
    "ErrorItemNotFound": "The specified object was not found in the store.",
    "ErrorFolderNotFound": "The specified folder could not be found in the store.",
    "ErrorInvalidIdMalformed": "Id is malformed.",
    "ErrorInvalidIdEmpty": "Id must be non-empty.",
    "ErrorInvalidChangeKey": "The change key is invalid.",
    "ErrorIrresolvableConflict": (
        "The send or update operation could not be performed because the change key passed in"
        " the request does not match the current change key for the item."
    ),
    "ErrorChangeKeyRequiredForWriteOperations": ("Change key is required for this operation."),
    "ErrorInvalidSyncStateData": "Synchronization state data is corrupt or otherwise invalid.",
    "ErrorSendMeetingInvitationsRequired": (
        "SendMeetingInvitations attribute is required for calendar items."
    ),
    "ErrorSendMeetingInvitationsOrCancellationsRequired": (
        "SendMeetingInvitationsOrCancellations attribute is required for calendar items."
    ),
    "ErrorSendMeetingCancellationsRequired": (
        "SendMeetingCancellations attribute is required for calendar items."
    ),
    "ErrorAffectedTaskOccurrencesRequired": (
        "AffectedTaskOccurrences attribute is required for task items."
    ),
    "ErrorOccurrenceCrossingBoundary": (
        "Modified occurrence is crossing or overlapping adjacent occurrence."
    ),
    "ErrorOccurrenceTimeSpanTooBig": (
        "The duration of an occurrence is longer than the time between two occurrences."
    ),
    "ErrorRecurrenceHasNoOccurrence": "The recurrence has no occurrence.",
    "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange": (
        "Occurrence index is out of recurrence range."
    ),
    "ErrorCalendarOccurrenceIsDeletedFromRecurrence": (
        "Occurrence with this index was previously deleted from the recurrence."
    ),
    "ErrorCalendarEndDateIsEarlierThanStartDate": "EndDate is earlier than StartDate.",
    "ErrorCalendarViewRangeTooBig": "Specified view range exceeds maximum range of two years.",
    "ErrorNameResolutionNoResults": "No results were found.",
    "ErrorNameResolutionMultipleResults": "Multiple results were found.",
    "ErrorServerBusy": ("The server cannot service this request right now. Try again later."),
    "ErrorInvalidServerVersion": "The specified server version is invalid.",
    "ErrorInvalidPropertySet": "Set action is invalid for property.",
    "ErrorInvalidPropertyDelete": "Delete action is invalid for property.",
    "ErrorInvalidPropertyAppend": "Append action is invalid for property.",
    "ErrorInvalidPropertyForOperation": "Property is not valid for this operation.",
    "ErrorUpdatePropertyMismatch": ("Property for update does not match property in object."),
    "ErrorUnsupportedPathForQuery": ("The property can not be used with this type of restriction."),
    "ErrorInvalidRequest": "The request is invalid.",
    "ErrorSchemaValidation": "The request failed schema validation.",
    "ErrorNonExistentMailbox": "The SMTP address has no mailbox associated with it.",
    "ErrorImpersonateUserDenied": (
        "The account does not have permission to impersonate the requested user."
    ),
    "ErrorCannotUseFolderIdForItemId": "Id is a folder Id, an item Id was expected.",
    "ErrorCannotUseItemIdForFolderId": "Id is an item Id, a folder Id was expected.",
    "ErrorFolderExists": "A folder with the specified name already exists.",
    "ErrorDeleteDistinguishedFolder": "Distinguished folders cannot be deleted.",
}


class EwsError(Exception):
    """One response message's failure: ``code`` (a ResponseCode), ``text`` (MessageText) and
    ``values`` (name → text, the Value elements of MessageXml)."""

    def __init__(self, code: str, text: str = "", **values: str) -> None:
        self.code = code
        self.text = text or TEXTS.get(code, f"The request failed: {code}.")
        self.values = values
        super().__init__(f"{code}: {self.text}")


class RequestFault(EwsError):
    """The whole request is refused with a SOAP fault; ``line`` is where a schema rule broke."""

    def __init__(self, code: str, text: str = "", *, line: int = 0, **values: str) -> None:
        super().__init__(code, text, **values)
        self.line = line
