"""The lines of the property tables of meeting mails (see ``properties`` for what columns mean).

A name with a prefix is a whole path, since these items borrow properties of others.
"""

from __future__ import annotations

# Every meeting mail is a message with these after its own.
MEETING = """
meeting:AssociatedCalendarItemId associated A r 07
meeting:IsDelegated bool A r 07
meeting:IsOutOfDate bool A r 07
meeting:HasBeenProcessed bool A r 07
meeting:ResponseType Response A r 07
calendar:UID string A r 07
calendar:RecurrenceId dateTime A r 07
calendar:DateTimeStamp dateTime A r 07
calendar:IsOrganizer bool A r 13
"""

REQUEST = """
meetingRequest:MeetingRequestType string A r 07
meetingRequest:IntendedFreeBusyStatus FreeBusy A r 07
calendar:Start dateTime D r 07
calendar:End dateTime D r 07
calendar:OriginalStart dateTime A r 07
calendar:IsAllDayEvent bool A r 07
calendar:LegacyFreeBusyStatus FreeBusy D r 07
calendar:Location string D r 07
calendar:When string - r 07
calendar:IsMeeting bool A r 07
calendar:IsCancelled bool A r 07
calendar:IsRecurring bool A r 07
calendar:MeetingRequestWasSent bool A r 07
calendar:CalendarItemType CalendarItemType D r 07
calendar:MyResponseType Response A r 07
calendar:Organizer recipient D r 07
calendar:RequiredAttendees attendees A r 07
calendar:OptionalAttendees attendees A r 07
calendar:Resources attendees A r 07
calendar:ConflictingMeetingCount any - r 07
calendar:AdjacentMeetingCount any - r 07
calendar:ConflictingMeetings any - r 07
calendar:AdjacentMeetings any - r 07
calendar:Duration string A r 07
calendar:TimeZone string A r 07
calendar:AppointmentReplyTime dateTime A r 07
calendar:AppointmentSequenceNumber int A r 07
calendar:AppointmentState int A r 07
calendar:Recurrence recurrence A r 07
calendar:FirstOccurrence any - r 07
calendar:LastOccurrence any - r 07
calendar:ModifiedOccurrences any - r 07
calendar:DeletedOccurrences any - r 07
calendar:MeetingTimeZone any - r 07
calendar:StartTimeZone zone A r 10
calendar:EndTimeZone zone A r 10
calendar:ConferenceType int A r 07
calendar:AllowNewTimeProposal bool A r 07
calendar:IsOnlineMeeting bool A r 07
calendar:MeetingWorkspaceUrl string A r 07
calendar:NetShowUrl string A r 07
calendar:EnhancedLocation any - r 13
meetingRequest:ChangeHighlights any - r 13
calendar:StartWallClock wallclock - r 13
calendar:EndWallClock wallclock - r 13
calendar:StartTimeZoneId string - r 13
calendar:EndTimeZoneId string - r 13
"""

RESPONSE = """
calendar:Start dateTime D r 07
calendar:End dateTime D r 07
calendar:Location string D r 07
calendar:Recurrence recurrence A r 07
calendar:CalendarItemType CalendarItemType D r 07
meeting:ProposedStart any - r 13
meeting:ProposedEnd any - r 13
calendar:EnhancedLocation any - r 13
"""

CANCELLATION = """
calendar:Start dateTime D r 07
calendar:End dateTime D r 07
calendar:Location string D r 07
calendar:Recurrence recurrence A r 07
calendar:CalendarItemType CalendarItemType D r 07
calendar:EnhancedLocation any - r 13
"""

OWN = {
    "MeetingRequest": MEETING + REQUEST.lstrip(),
    "MeetingResponse": MEETING + RESPONSE.lstrip(),
    "MeetingCancellation": MEETING + CANCELLATION.lstrip(),
}
