"""What requests about notifications, free/busy and out-of-office may look like.

In the notation of ``grammar``, whose rules these ones use.
"""

from __future__ import annotations

ENUMS = """
EventType : CopiedEvent CreatedEvent DeletedEvent ModifiedEvent MovedEvent NewMailEvent FreeBusyChangedEvent
AttendeeKind : Organizer Required Optional Room Resource
FreeBusyView : None MergedOnly FreeBusy FreeBusyMerged Detailed DetailedMerged
Quality : Excellent Good Fair Poor
OofState : Disabled Enabled Scheduled
ExternalAudience : None Known All
MemberStatus : Unrecognized Normal Demoted
ContactSource : ActiveDirectory Store
"""  # noqa: E501  one enumeration a line reads best

RULES = """
Subscribe = (m:PullSubscriptionRequest=PullSubscription|m:PushSubscriptionRequest=PushSubscription|m:StreamingSubscriptionRequest=StreamingSubscription)
Unsubscribe = m:SubscriptionId=filled
GetEvents = m:SubscriptionId=filled m:Watermark=filled
GetStreamingEvents = m:SubscriptionIds=SubscriptionIds m:ConnectionTimeout=streamMinutes
PullSubscription = @SubscribeToAllFolders=bool t:FolderIds=FolderIds? t:EventTypes=EventTypes t:Watermark=filled? t:Timeout=subscriptionMinutes
PushSubscription = @SubscribeToAllFolders=bool t:FolderIds=FolderIds? t:EventTypes=EventTypes t:Watermark=filled? t:StatusFrequency=subscriptionMinutes t:URL=string t:CallerData=string?
StreamingSubscription = @SubscribeToAllFolders=bool t:FolderIds=FolderIds? t:EventTypes=EventTypes
EventTypes = t:EventType=EventType+
SubscriptionIds = t:SubscriptionId=filled+

GetUserAvailabilityRequest = t:TimeZone=PlainZone? m:MailboxDataArray=People t:FreeBusyViewOptions=FreeBusyOptions? t:SuggestionsViewOptions=SuggestionOptions?
PlainZone = t:Bias=int t:StandardTime=PlainZoneTime t:DaylightTime=PlainZoneTime
PlainZoneTime = t:Bias=int t:Time=string t:DayOrder=short t:Month=short t:DayOfWeek=Weekday t:Year=string?
People = t:MailboxData=Person*
Person = t:Email=Email t:AttendeeType=AttendeeKind t:ExcludeConflicts=bool?
Email = t:Name=string? t:Address=string t:RoutingType=string?
FreeBusyOptions = t:TimeWindow=TimeSpan t:MergedFreeBusyIntervalInMinutes=int? t:RequestedView=freeBusyViews?
TimeSpan = t:StartTime=dateTime t:EndTime=dateTime
SuggestionOptions = t:GoodThreshold=int? t:MaximumResultsByDay=int? t:MaximumNonWorkHourResultsByDay=int? t:MeetingDurationInMinutes=int? t:MinimumSuggestionQuality=Quality? t:DetailedSuggestionsWindow=TimeSpan t:CurrentMeetingTime=dateTime? t:GlobalObjectId=string?

GetUserOofSettingsRequest = t:Mailbox=Email
SetUserOofSettingsRequest = t:Mailbox=Email t:UserOofSettings=OofSettings
OofSettings = t:OofState=OofState t:ExternalAudience=ExternalAudience t:Duration=TimeSpan? t:InternalReply=OofReply? t:ExternalReply=OofReply? t:DeclineMeetingReply=OofReply? t:DeclineEventsForScheduledOOF=bool? t:DeclineAllEventsForScheduledOOF=bool? t:CreateOOFEvent=bool? t:OOFEventSubject=string? t:AutoDeclineFutureRequestsWhenOOF=bool? t:OOFEventID=string? t:EventsToDeleteIDs=any?
OofReply = @lang=language t:Message=string?

ItemAttachment = t:AttachmentId=AttachmentId? t:Name=string? t:ContentType=string? t:ContentId=string? t:ContentLocation=string? t:AttachmentOriginalUrl=string? t:Size=int? t:LastModifiedTime=dateTime? t:IsInline=bool? (t:Item=item.Item|t:Message=item.Message|t:CalendarItem=item.CalendarItem|t:Contact=item.Contact|t:Task=item.Task|t:MeetingMessage=any|t:MeetingRequest=any|t:MeetingResponse=any|t:MeetingCancellation=any|t:PostItem=any|t:RoleMember=any|t:Network=any|t:Person=any)?
Members = t:Member=Member*
Member = @Key=string t:Mailbox=Mailbox? t:Status=MemberStatus?
"""  # noqa: E501  one rule a line reads best
