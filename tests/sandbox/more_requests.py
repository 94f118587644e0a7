"""A valid request of each operation, to be damaged."""

from tests.sandbox.client import IDS, distinguished, item, occurrence, setting, shape
from tests.sandbox.test_free_busy import ZONE, oof

CALENDAR = distinguished("calendar")
FOLDER = '<t:FolderId Id="x" ChangeKey="y"/>'
FOLDER_SHAPE = "<m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape>"
EVENTS = (
    "<t:EventTypes><t:EventType>CreatedEvent</t:EventType><t:EventType>MovedEvent</t:EventType>"
    "</t:EventTypes>"
)
WATCHED = f"<t:FolderIds>{CALENDAR}</t:FolderIds>{EVENTS}"
TARGET = f"<m:ToFolderId>{CALENDAR}</m:ToFolderId>"
ITEMS = f"<m:ItemIds>{item('x')}{occurrence('x', 2)}</m:ItemIds>"
FOLDERS = f"<m:FolderIds>{FOLDER}</m:FolderIds>"
PARENTS = f"<m:ParentFolderIds>{CALENDAR}</m:ParentFolderIds>"
SUBJECT = '<t:FieldURI FieldURI="item:Subject"/>'
EXTENDED = '<t:ExtendedFieldURI PropertyTag="0x37" PropertyType="String"/>'

MORE_RIGHT = {
    "a folder": f"<m:GetFolder>{FOLDER_SHAPE}{FOLDERS}</m:GetFolder>",
    "folders below": f'<m:FindFolder Traversal="Deep">{FOLDER_SHAPE}<m:IndexedPageFolderView'
    f' MaxEntriesReturned="5" Offset="0" BasePoint="Beginning"/>{PARENTS}</m:FindFolder>',
    "a new folder": f"<m:CreateFolder><m:ParentFolderId>{CALENDAR}</m:ParentFolderId><m:Folders>"
    "<t:CalendarFolder><t:FolderClass>IPF.Appointment</t:FolderClass><t:DisplayName>x"
    "</t:DisplayName></t:CalendarFolder></m:Folders></m:CreateFolder>",
    "another name": "<m:UpdateFolder><m:FolderChanges><t:FolderChange><t:FolderId Id='x'/>"
    '<t:Updates><t:SetFolderField><t:FieldURI FieldURI="folder:DisplayName"/><t:CalendarFolder>'
    "<t:DisplayName>x</t:DisplayName></t:CalendarFolder></t:SetFolderField></t:Updates>"
    "</t:FolderChange></m:FolderChanges></m:UpdateFolder>",
    "a folder less": f'<m:DeleteFolder DeleteType="HardDelete">{FOLDERS}</m:DeleteFolder>',
    "an empty folder": '<m:EmptyFolder DeleteType="SoftDelete" DeleteSubFolders="true">'
    f"{FOLDERS}</m:EmptyFolder>",
    "a moved folder": f"<m:MoveFolder>{TARGET}{FOLDERS}</m:MoveFolder>",
    "a copied folder": f"<m:CopyFolder>{TARGET}{FOLDERS}</m:CopyFolder>",
    "a hierarchy": f"<m:SyncFolderHierarchy>{FOLDER_SHAPE}<m:SyncFolderId>{CALENDAR}"
    "</m:SyncFolderId><m:SyncState>x</m:SyncState></m:SyncFolderHierarchy>",
    "items": f"<m:GetItem>{shape('item:Body', 'calendar:Start')}{ITEMS}</m:GetItem>",
    "an item less": '<m:DeleteItem DeleteType="MoveToDeletedItems"'
    f' SendMeetingCancellations="SendToNone">{ITEMS}</m:DeleteItem>',
    "a moved item": f"<m:MoveItem>{TARGET}{ITEMS}</m:MoveItem>",
    "a copied item": f"<m:CopyItem>{TARGET}{ITEMS}<m:ReturnNewItemIds>true</m:ReturnNewItemIds>"
    "</m:CopyItem>",
    "a draft sent": '<m:SendItem SaveItemToFolder="true"><m:ItemIds>'
    f"{item('x', 'y')}</m:ItemIds><m:SavedItemFolderId>{CALENDAR}</m:SavedItemFolderId>"
    "</m:SendItem>",
    "a part of a list": f'<m:FindItem Traversal="Shallow">{IDS}<m:FractionalPageItemView'
    f' MaxEntriesReturned="5" Numerator="1" Denominator="2"/>{PARENTS}</m:FindItem>',
    "a search": f'<m:FindItem Traversal="Shallow">{IDS}<m:Restriction><t:And><t:Contains'
    f' ContainmentMode="Substring" ContainmentComparison="IgnoreCase">{SUBJECT}'
    f'<t:Constant Value="x"/></t:Contains><t:Not><t:IsEqualTo>{EXTENDED}<t:FieldURIOrConstant>'
    '<t:Constant Value="y"/></t:FieldURIOrConstant></t:IsEqualTo></t:Not></t:And>'
    f'</m:Restriction><m:SortOrder><t:FieldOrder Order="Descending">{SUBJECT}</t:FieldOrder>'
    f"</m:SortOrder>{PARENTS}</m:FindItem>",
    "a calendar": f'<m:FindItem Traversal="Shallow">{IDS}<m:CalendarView MaxEntriesReturned="9"'
    ' StartDate="2026-11-01T00:00:00Z" EndDate="2026-12-01T00:00:00Z"/>'
    f"{PARENTS}</m:FindItem>",
    "an occurrence": '<m:UpdateItem ConflictResolution="NeverOverwrite"'
    ' SendMeetingInvitationsOrCancellations="SendToNone"><m:ItemChanges><t:ItemChange>'
    f"{occurrence('x', 2)}<t:Updates>{setting('item:Subject', '<t:Subject>x</t:Subject>')}"
    f"<t:DeleteItemField>{EXTENDED}</t:DeleteItemField></t:Updates></t:ItemChange>"
    "</m:ItemChanges></m:UpdateItem>",
    "an invitation": '<m:CreateItem SendMeetingInvitations="SendToAllAndSaveCopy"><m:Items>'
    "<t:CalendarItem><t:Subject>x</t:Subject><t:Body BodyType='HTML'>y</t:Body>"
    "<t:ReminderMinutesBeforeStart>15</t:ReminderMinutesBeforeStart>"
    "<t:Start>2026-11-24T09:00:00Z</t:Start><t:End>2026-11-24T10:00:00+01:00</t:End>"
    "<t:LegacyFreeBusyStatus>OOF</t:LegacyFreeBusyStatus><t:RequiredAttendees><t:Attendee>"
    "<t:Mailbox><t:Name>E</t:Name><t:EmailAddress>e@x.test</t:EmailAddress></t:Mailbox>"
    '</t:Attendee></t:RequiredAttendees><t:StartTimeZone Id="UTC"/></t:CalendarItem></m:Items>'
    "</m:CreateItem>",
    "a task": "<m:CreateItem><m:Items><t:Task><t:Subject>x</t:Subject><t:DueDate>"
    "2026-11-24T00:00:00Z</t:DueDate><t:PercentComplete>50</t:PercentComplete><t:Recurrence>"
    "<t:DailyRegeneration><t:Interval>2</t:Interval></t:DailyRegeneration><t:NumberedRecurrence>"
    "<t:StartDate>2026-11-24</t:StartDate><t:NumberOfOccurrences>3</t:NumberOfOccurrences>"
    "</t:NumberedRecurrence></t:Recurrence><t:Status>InProgress</t:Status></t:Task></m:Items>"
    "</m:CreateItem>",
    "a list of people": "<m:CreateItem><m:Items><t:DistributionList><t:DisplayName>x"
    "</t:DisplayName><t:Members><t:Member Key='1'><t:Mailbox><t:EmailAddress>e@x.test"
    "</t:EmailAddress></t:Mailbox><t:Status>Normal</t:Status></t:Member></t:Members>"
    "</t:DistributionList></m:Items></m:CreateItem>",
    "an attached item": '<m:CreateAttachment><m:ParentItemId Id="x"/><m:Attachments>'
    "<t:ItemAttachment><t:Name>x</t:Name><t:IsInline>false</t:IsInline><t:Message><t:Subject>y"
    "</t:Subject><t:IsRead>true</t:IsRead></t:Message></t:ItemAttachment></m:Attachments>"
    "</m:CreateAttachment>",
    "reading an attachment": "<m:GetAttachment><m:AttachmentShape><t:IncludeMimeContent>true"
    "</t:IncludeMimeContent><t:BodyType>Text</t:BodyType><t:AdditionalProperties>"
    f"{SUBJECT}</t:AdditionalProperties></m:AttachmentShape><m:AttachmentIds>"
    '<t:AttachmentId Id="x"/></m:AttachmentIds></m:GetAttachment>',
    "an attachment less": '<m:DeleteAttachment><m:AttachmentIds><t:AttachmentId Id="x"/>'
    "</m:AttachmentIds></m:DeleteAttachment>",
    "a name": '<m:ResolveNames ReturnFullContactData="true" SearchScope="ActiveDirectory">'
    "<m:UnresolvedEntry>anna</m:UnresolvedEntry></m:ResolveNames>",
    "the people in a list": "<m:ExpandDL><m:Mailbox><t:Name>x</t:Name><t:EmailAddress>t@x.test"
    "</t:EmailAddress><t:MailboxType>PublicDL</t:MailboxType></m:Mailbox></m:ExpandDL>",
    "another id": '<m:ConvertId DestinationFormat="HexEntryId"><m:SourceIds><t:AlternateId'
    ' Format="EwsId" Id="x" Mailbox="anna@musterfirma.test"/></m:SourceIds></m:ConvertId>',
    "pulling": f"<m:Subscribe><m:PullSubscriptionRequest>{WATCHED}<t:Watermark>x</t:Watermark>"
    "<t:Timeout>10</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>",
    "pushing": f"<m:Subscribe><m:PushSubscriptionRequest>{WATCHED}<t:StatusFrequency>30"
    "</t:StatusFrequency><t:URL>nowhere</t:URL></m:PushSubscriptionRequest></m:Subscribe>",
    "streaming": '<m:Subscribe><m:StreamingSubscriptionRequest SubscribeToAllFolders="true">'
    f"{EVENTS}</m:StreamingSubscriptionRequest></m:Subscribe>",
    "no longer": "<m:Unsubscribe><m:SubscriptionId>x</m:SubscriptionId></m:Unsubscribe>",
    "what happened": "<m:GetEvents><m:SubscriptionId>x</m:SubscriptionId><m:Watermark>y"
    "</m:Watermark></m:GetEvents>",
    "what happens": "<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>x"
    "</t:SubscriptionId></m:SubscriptionIds><m:ConnectionTimeout>30</m:ConnectionTimeout>"
    "</m:GetStreamingEvents>",
    "free times": f"<m:GetUserAvailabilityRequest>{ZONE}<m:MailboxDataArray><t:MailboxData>"
    "<t:Email><t:Name>A</t:Name><t:Address>anna@musterfirma.test</t:Address></t:Email>"
    "<t:AttendeeType>Required</t:AttendeeType><t:ExcludeConflicts>false</t:ExcludeConflicts>"
    "</t:MailboxData></m:MailboxDataArray><t:FreeBusyViewOptions><t:TimeWindow><t:StartTime>"
    "2026-11-24T08:00:00</t:StartTime><t:EndTime>2026-11-25T08:00:00</t:EndTime></t:TimeWindow>"
    "<t:MergedFreeBusyIntervalInMinutes>30</t:MergedFreeBusyIntervalInMinutes><t:RequestedView>"
    "DetailedMerged</t:RequestedView></t:FreeBusyViewOptions><t:SuggestionsViewOptions>"
    "<t:GoodThreshold>20</t:GoodThreshold><t:MeetingDurationInMinutes>60"
    "</t:MeetingDurationInMinutes><t:MinimumSuggestionQuality>Fair</t:MinimumSuggestionQuality>"
    "<t:DetailedSuggestionsWindow><t:StartTime>2026-11-24T00:00:00</t:StartTime><t:EndTime>"
    "2026-11-25T00:00:00</t:EndTime></t:DetailedSuggestionsWindow></t:SuggestionsViewOptions>"
    "</m:GetUserAvailabilityRequest>",
    "replies": "<m:GetUserOofSettingsRequest><t:Mailbox><t:Address>anna@musterfirma.test"
    "</t:Address></t:Mailbox></m:GetUserOofSettingsRequest>",
    "other replies": oof("Scheduled"),
}
