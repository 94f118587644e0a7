"""The lines of the property tables (see ``properties`` for what the columns mean)."""

from __future__ import annotations

ITEM = """
MimeContent mime - c 07
ItemId itemid I r 07
ParentFolderId folderid A r 07
ItemClass string A c 07
Subject string D w 07
Sensitivity Sensitivity A w 07
Body body A w 07
Attachments attachments A c 07
DateTimeReceived dateTime A r 07
Size int A r 07
Categories strings A w 07
Importance Importance A w 07
InReplyTo string - w 07
IsSubmitted bool A r 07
IsDraft bool A r 07
IsFromMe bool A r 07
IsResend bool A r 07
IsUnmodified bool A r 07
InternetMessageHeaders any - r 07
DateTimeSent dateTime A r 07
DateTimeCreated dateTime A r 07
ResponseObjects any - r 07
ReminderDueBy dateTime A w 07
ReminderIsSet bool A w 07
ReminderNextTime dateTime - r 13
ReminderMinutesBeforeStart minutes A w 07
DisplayCc string A r 07
DisplayTo string A r 07
DisplayBcc string - r 13
HasAttachments bool D r 07
ExtendedProperty extended - w 07
Culture language A w 07
EffectiveRights rights A r 07
LastModifiedName string A r 07
LastModifiedTime dateTime A r 07
IsAssociated bool A r 10
WebClientReadFormQueryString string - r 10
WebClientEditFormQueryString string - r 10
ConversationId any - r 10
UniqueBody any - r 10
Flag any - r 13
StoreEntryId any - r 10
InstanceKey any - r 13
NormalizedBody any - r 13
EntityExtractionResult any - r 13
PolicyTag any - r 13
ArchiveTag any - r 13
RetentionDate any - r 13
Preview any - r 13
RightsManagementLicenseData any - r 13
PredictedActionReasons any - r 13
IsClutter any - r 13
BlockStatus any - r 13
HasBlockedImages any - r 13
TextBody textbody - r 13
IconIndex any - r 13
SearchKey any - r 13
SortKey any - r 13
Hashtags any - r 16
Mentions any - r 16
MentionedMe any - r 16
MentionsPreview any - r 16
MentionsEx any - r 16
AppliedHashtags any - r 16
AppliedHashtagsPreview any - r 16
Likes any - r 16
LikesPreview any - r 16
PendingSocialActivityTagIds any - r 16
AtAllMention any - r 16
CanDelete any - r 16
InferenceClassification any - r 16
"""

CALENDAR = """
UID string A c 07
RecurrenceId dateTime A r 07
DateTimeStamp dateTime A r 07
Start dateTime D w 07
End dateTime D w 07
OriginalStart dateTime A r 07
IsAllDayEvent bool A w 07
LegacyFreeBusyStatus FreeBusy D w 07
Location string D w 07
When string - w 07
IsMeeting bool A r 07
IsCancelled bool A r 07
IsRecurring bool A r 07
MeetingRequestWasSent bool A r 07
IsResponseRequested bool A w 07
CalendarItemType CalendarItemType D r 07
MyResponseType Response A r 07
Organizer recipient D r 07
RequiredAttendees attendees A w 07
OptionalAttendees attendees A w 07
Resources attendees A w 07
InboxReminders any - r 13
ConflictingMeetingCount any - r 07
AdjacentMeetingCount any - r 07
ConflictingMeetings any - r 07
AdjacentMeetings any - r 07
Duration string A r 07
TimeZone string A r 07
AppointmentReplyTime dateTime A r 07
AppointmentSequenceNumber int A r 07
AppointmentState int A r 07
Recurrence recurrence A w 07
FirstOccurrence occurrence A r 07
LastOccurrence occurrence A r 07
ModifiedOccurrences occurrences A r 07
DeletedOccurrences deletions A r 07
MeetingTimeZone oldzone - w 07
StartTimeZone zone A w 10
EndTimeZone zone A w 10
ConferenceType int A w 07
AllowNewTimeProposal bool A w 07
IsOnlineMeeting bool A w 07
MeetingWorkspaceUrl string A w 07
NetShowUrl string A w 07
EnhancedLocation any - r 13
StartWallClock wallclock - r 13
EndWallClock wallclock - r 13
StartTimeZoneId string - r 13
EndTimeZoneId string - r 13
IntendedFreeBusyStatus any - r 13
JoinOnlineMeetingUrl any - r 13
OnlineMeetingSettings any - r 13
IsOrganizer bool A r 13
CalendarActivityData any - r 16
"""

CONTACT = """
FileAs string D w 07
FileAsMapping FileAsMapping A w 07
DisplayName string D w 07
GivenName string A w 07
Initials string A w 07
MiddleName string A w 07
Nickname string A w 07
CompleteName completename D r 07
CompanyName string D w 07
EmailAddresses emails D w 07
AbchEmailAddresses any - r 16
PhysicalAddresses addresses D w 07
PhoneNumbers phones D w 07
AssistantName string A w 07
Birthday dateTime A w 07
BusinessHomePage string A w 07
Children strings A w 07
Companies strings A w 07
ContactSource ContactSource - r 07
Department string A w 07
Generation string A w 07
ImAddresses ims D w 07
JobTitle string D w 07
Manager string A w 07
Mileage string A w 07
OfficeLocation string A w 07
PostalAddressIndex AddressIndex A w 07
Profession string A w 07
SpouseName string A w 07
Surname string A w 07
WeddingAnniversary dateTime A w 07
HasPicture bool A r 10
PhoneticFullName any - r 10
PhoneticFirstName any - r 10
PhoneticLastName any - r 10
Alias any - r 10
Notes any - r 10
Photo any - r 10
UserSMIMECertificate any - r 10
MSExchangeCertificate any - r 10
DirectoryId any - r 10
ManagerMailbox any - r 10
DirectReports any - r 10
"""

TASK = """
ActualWork int A w 07
AssignedTime dateTime - r 07
BillingInformation string A w 07
ChangeCount int A r 07
Companies strings A w 07
CompleteDate dateTime A w 07
Contacts strings A w 07
DelegationState any - r 07
Delegator any - r 07
DueDate dateTime D w 07
IsAssignmentEditable any - r 07
IsComplete bool A r 07
IsRecurring bool A r 07
IsTeamTask bool A r 07
Mileage string A w 07
Owner string A r 07
PercentComplete double D w 07
Recurrence taskrecurrence A w 07
StartDate dateTime D w 07
Status TaskStatus D w 07
StatusDescription string A r 07
TotalWork int A w 07
"""

LIST = """
DisplayName string D w 07
FileAs string D w 07
ContactSource ContactSource - r 07
Members members A w 10
"""

MESSAGE = """
Sender recipient - r 07
ToRecipients recipients A w 07
CcRecipients recipients A w 07
BccRecipients recipients A w 07
IsReadReceiptRequested bool A w 07
IsDeliveryReceiptRequested bool A w 07
ConversationIndex any - r 07
ConversationTopic string A r 07
From recipient D w 07
InternetMessageId string A c 07
IsRead bool D w 07
IsResponseRequested bool A w 07
References string - w 07
ReplyTo recipients - w 07
ReceivedBy any - r 10
ReceivedRepresenting any - r 10
ApprovalRequestData any - r 13
VotingInformation any - r 13
ReminderMessageData any - r 13
SenderSMTPAddress any - r 16
MailboxGuids any - r 16
"""

OWN = {
    "CalendarItem": CALENDAR,
    "Contact": CONTACT,
    "DistributionList": LIST,
    "Task": TASK,
    "Message": MESSAGE,
}

FOLDER = """
FolderId folderid I r 07
ParentFolderId folderid A r 07
FolderClass string A c 07
DisplayName string D w 07
TotalCount int D r 07
ChildFolderCount int D r 07
ExtendedProperty extended - w 07
ManagedFolderInformation any - r 07
EffectiveRights rights A r 07
DistinguishedFolderId string - r 13
PolicyTag any - r 13
ArchiveTag any - r 13
ReplicaList any - r 13
"""

# What Exchange 2016 added to contacts for other services' sake: known, never kept.
LATER_CONTACT = """
AccountName IsAutoUpdateDisabled IsMessengerEnabled Comment ContactShortId ContactType Gender
IsHidden ObjectId PassportId IsPrivate SourceId TrustLevel CreatedBy Urls Cid
SkypeAuthCertificate SkypeContext SkypeId SkypeRelationship YomiNickname XboxLiveTag InviteFree
HidePresenceAndProfile IsPendingOutbound SupportGroupFeeds UserTileHash UnifiedInbox Mris Wlid
AbchContactId NotInBirthdayCalendar ShellContactType ImMri PresenceTrustLevel OtherMri
ProfileLastChanged MobileIMEnabled PartnerNetworkProfilePhotoUrl PartnerNetworkThumbnailPhotoUrl
PersonId ConversationGuid
"""

FOREIGN = """
meeting:AssociatedCalendarItemId meeting:IsDelegated meeting:IsOutOfDate
meeting:HasBeenProcessed meeting:ResponseType meeting:ProposedStart meeting:ProposedEnd
meetingRequest:MeetingRequestType meetingRequest:IntendedFreeBusyStatus
meetingRequest:ChangeHighlights postitem:PostedTime distributionlist:Members
item:MimeContentUTF8 item:FirstBody contacts:Culture
"""
# Elements that no path leads to.
PATHLESS = """
item:ExtendedProperty item:SearchKey item:SortKey folder:ExtendedProperty
calendar:IntendedFreeBusyStatus message:SenderSMTPAddress
message:MailboxGuids
"""
