"""What a request may look like: the sandbox's own compact rules.

A rule is ``Name = content``. In the content, ``m:X=Type`` is an element of the messages
namespace, ``t:X=Type`` one of the types namespace; ``? * + | ( )`` mean what they mean in a
regular expression. ``@A=Type`` is an attribute, ``@A!=Type`` a required one, ``#Type`` says that
the element holds text. Types are rules, enumerations (``Name : A B C``), the simple types of
``schema``, or ``item.Class`` for the property tables.

What concerns notifications, free/busy and out-of-office stands in ``grammar_services``.
"""

from __future__ import annotations

ENUMS = """
BaseShape : IdOnly Default AllProperties PcxPeopleSearch
BodyShape : Best HTML Text
BodyType : HTML Text
Traversal : Shallow SoftDeleted Associated
FolderTraversal : Shallow Deep SoftDeleted
Disposal : HardDelete SoftDelete MoveToDeletedItems
Conflict : NeverOverwrite AutoResolve AlwaysOverwrite
SendOnce : SendToNone SendOnlyToAll SendToAllAndSaveCopy
SendUpdate : SendToNone SendOnlyToAll SendOnlyToChanged SendToAllAndSaveCopy SendToChangedAndSaveCopy
Disposition : SaveOnly SendOnly SendAndSaveCopy
TaskOccurrences : AllOccurrences SpecifiedOccurrenceOnly
SyncScope : NormalItems NormalAndAssociatedItems
BasePoint : Beginning End
Direction : Ascending Descending
NameScope : ActiveDirectory ActiveDirectoryContacts Contacts ContactsActiveDirectory
Sensitivity : Normal Personal Private Confidential
Importance : Low Normal High
FreeBusy : Free Tentative Busy OOF WorkingElsewhere NoData
CalendarItemType : Single Occurrence Exception RecurringMaster
Response : Unknown Organizer Tentative Accept Decline NoResponseReceived
MailboxType : Unknown OneOff Mailbox PublicDL PrivateDL Contact PublicFolder GroupMailbox ImplicitContact
Weekday : Sunday Monday Tuesday Wednesday Thursday Friday Saturday Day Weekday WeekendDay
WeekIndex : First Second Third Fourth Last
Month : January February March April May June July August September October November December
TaskStatus : NotStarted InProgress Completed WaitingOnOthers Deferred
AddressIndex : None Home Business Other
AddressKey : Home Business Other
EmailKey : EmailAddress1 EmailAddress2 EmailAddress3
ImKey : ImAddress1 ImAddress2 ImAddress3
PhoneKey : AssistantPhone BusinessFax BusinessPhone BusinessPhone2 Callback CarPhone CompanyMainPhone HomeFax HomePhone HomePhone2 Isdn MobilePhone OtherFax OtherTelephone Pager PrimaryPhone RadioPhone Telex TtyTddPhone BusinessMobile IPPhone Mms Msn
FileAsMapping : None LastCommaFirst FirstSpaceLast Company LastCommaFirstCompany CompanyLastFirst LastFirst LastFirstCompany CompanyLastCommaFirst LastFirstSuffix LastSpaceFirstCompany CompanyLastSpaceFirst LastSpaceFirst DisplayName FirstName LastFirstMiddleSuffix LastName Empty
TransitionKind : Period Group
PhotoSize : HR48x48 HR64x64 HR96x96 HR120x120 HR240x240 HR360x360 HR432x432 HR504x504 HR648x648 HR1024xN HR1920xN
PhotoType : UserPhoto ProfileHeaderPhoto
IdFormat : EwsLegacyId EwsId EntryId HexEntryId StoreId OwaId
PropertySet : Meeting Appointment Common PublicStrings Address InternetHeaders CalendarAssistant UnifiedMessaging Task Sharing
MapiType : ApplicationTime ApplicationTimeArray Binary BinaryArray Boolean CLSID CLSIDArray Currency CurrencyArray Double DoubleArray Error Float FloatArray Integer IntegerArray Long LongArray Null Object ObjectArray Short ShortArray SystemTime SystemTimeArray String StringArray
Containment : FullString Prefixed Substring PrefixOnWords ExactPhrase
Comparison : Exact IgnoreCase IgnoreNonSpacingCharacters Loose IgnoreCaseAndNonSpacingCharacters LooseAndIgnoreCase LooseAndIgnoreNonSpace LooseAndIgnoreCaseAndIgnoreNonSpace
IndexedPath : item:InternetMessageHeader contacts:ImAddress contacts:PhysicalAddress:Street contacts:PhysicalAddress:City contacts:PhysicalAddress:State contacts:PhysicalAddress:CountryOrRegion contacts:PhysicalAddress:PostalCode contacts:PhoneNumber contacts:EmailAddress distributionlist:Members:Member
"""  # noqa: E501  one enumeration a line reads best

RULES = """
GetFolder = m:FolderShape=FolderShape m:FolderIds=FolderIds
FindFolder = @Traversal!=FolderTraversal m:FolderShape=FolderShape (m:IndexedPageFolderView=IndexedPage|m:FractionalPageFolderView=FractionalPage)? m:Restriction=Restriction? m:ParentFolderIds=FolderIds
CreateFolder = m:ParentFolderId=TargetFolder m:Folders=Folders
UpdateFolder = m:FolderChanges=FolderChanges
DeleteFolder = @DeleteType!=Disposal m:FolderIds=FolderIds
EmptyFolder = @DeleteType!=Disposal @DeleteSubFolders!=bool m:FolderIds=FolderIds
CopyFolder = m:ToFolderId=TargetFolder m:FolderIds=FolderIds
MoveFolder = m:ToFolderId=TargetFolder m:FolderIds=FolderIds
SyncFolderHierarchy = m:FolderShape=FolderShape m:SyncFolderId=TargetFolder? m:SyncState=string?
SyncFolderItems = m:ItemShape=ItemShape m:SyncFolderId=TargetFolder m:SyncState=string? m:Ignore=IgnoredIds? m:MaxChangesReturned=syncCount m:SyncScope=SyncScope?
FindItem = @Traversal!=Traversal m:ItemShape=ItemShape (m:IndexedPageItemView=IndexedPage|m:FractionalPageItemView=FractionalPage|m:SeekToConditionPageItemView=SeekPage|m:CalendarView=CalendarView|m:ContactsView=ContactsView)? (m:GroupBy=any|m:DistinguishedGroupBy=any)? m:Restriction=Restriction? m:SortOrder=SortOrder? m:ParentFolderIds=FolderIds m:QueryString=QueryString?
GetItem = m:ItemShape=ItemShape m:ItemIds=ItemIds
CreateItem = @MessageDisposition=Disposition @SendMeetingInvitations=SendOnce m:SavedItemFolderId=TargetFolder? m:Items=Items
UpdateItem = @ConflictResolution!=Conflict @MessageDisposition=Disposition @SendMeetingInvitationsOrCancellations=SendUpdate @SuppressReadReceipts=bool m:SavedItemFolderId=TargetFolder? m:ItemChanges=ItemChanges
DeleteItem = @DeleteType!=Disposal @SendMeetingCancellations=SendOnce @AffectedTaskOccurrences=TaskOccurrences @SuppressReadReceipts=bool m:ItemIds=ItemIds
GetAttachment = m:AttachmentShape=AttachmentShape? m:AttachmentIds=AttachmentIds
CreateAttachment = m:ParentItemId=Id m:Attachments=NewAttachments
DeleteAttachment = m:AttachmentIds=AttachmentIds
MoveItem = m:ToFolderId=TargetFolder m:ItemIds=ItemIds m:ReturnNewItemIds=bool?
SendItem = @SaveItemToFolder!=bool m:ItemIds=ItemIds m:SavedItemFolderId=TargetFolder?
CopyItem = m:ToFolderId=TargetFolder m:ItemIds=ItemIds m:ReturnNewItemIds=bool?
ExpandDL = m:Mailbox=Mailbox
ResolveNames = @ReturnFullContactData!=bool @SearchScope=NameScope @ContactDataShape=BaseShape m:ParentFolderIds=FolderIds? m:UnresolvedEntry=filled
ConvertId = @DestinationFormat!=IdFormat m:SourceIds=AlternateIds
GetUserConfiguration = m:UserConfigurationName=ConfigurationName m:UserConfigurationProperties=configurationParts
ConfigurationName = @Name!=filled (t:FolderId=Id|t:DistinguishedFolderId=Distinguished|t:AddressListId=AddressList)
GetUserPhoto = m:Email=string m:SizeRequested=PhotoSize m:TypeRequested=PhotoType?
GetServerTimeZones = @ReturnFullTimeZoneData=bool m:Ids=ZoneIds?

FolderShape = t:BaseShape=BaseShape t:AdditionalProperties=Paths?
ItemShape = t:BaseShape=BaseShape t:IncludeMimeContent=bool? t:BodyType=BodyShape? t:UniqueBodyType=BodyShape? t:NormalizedBodyType=BodyShape? t:FilterHtmlContent=bool? t:ConvertHtmlCodePageToUTF8=bool? t:InlineImageUrlTemplate=string? t:BlockExternalImages=bool? t:AddBlankTargetToLinks=bool? t:MaximumBodySize=int? t:AdditionalProperties=Paths?
Paths = (PATH)+
FieldURI = @FieldURI!=path
IndexedFieldURI = @FieldURI!=IndexedPath @FieldIndex!=string
ExtendedFieldURI = @DistinguishedPropertySetId=PropertySet @PropertySetId=guid @PropertyTag=tag @PropertyName=string @PropertyId=int @PropertyType!=MapiType

FolderIds = (t:FolderId=Id|t:DistinguishedFolderId=Distinguished)+
TargetFolder = (t:FolderId=Id|t:DistinguishedFolderId=Distinguished|t:AddressListId=AddressList)
Distinguished = @Id!=distinguished @ChangeKey=string t:Mailbox=Mailbox?
AddressList = @Id!=string
Id = @Id!=string @ChangeKey=string
ItemIds = (ITEMID|t:RecurringMasterItemIdRanges=any)+
OccurrenceItemId = @RecurringMasterId!=string @ChangeKey=string @InstanceIndex!=int
RecurringMasterItemId = @OccurrenceId!=string @ChangeKey=string
IgnoredIds = t:ItemId=Id*
ZoneIds = t:Id=string+
AlternateIds = (t:AlternateId=AlternateId|t:AlternatePublicFolderId=any|t:AlternatePublicFolderItemId=any)+
AlternateId = @Format!=IdFormat @Id!=string @Mailbox!=filled @IsArchive=bool

IndexedPage = @MaxEntriesReturned=int @Offset!=int @BasePoint!=BasePoint
FractionalPage = @MaxEntriesReturned=int @Numerator!=int @Denominator!=int
SeekPage = @MaxEntriesReturned=int @BasePoint!=BasePoint t:Condition=Restriction
CalendarView = @MaxEntriesReturned=int @StartDate!=dateTime @EndDate!=dateTime
ContactsView = @MaxEntriesReturned=int @InitialName=string @FinalName=string
QueryString = #string @ResetCache=bool @ReturnHighlightTerms=bool @ReturnDeletedItems=bool
SortOrder = t:FieldOrder=FieldOrder+
FieldOrder = @Order!=Direction (PATH)+

Restriction = (EXPRESSION)+
Comparing = (PATH)+ t:FieldURIOrConstant=Operand
Operand = (PATH|t:Constant=Constant)
Constant = @Value!=string
Existing = (PATH)+
Containing = @ContainmentMode=Containment @ContainmentComparison=Comparison (PATH)+ t:Constant=Constant
Excluding = (PATH)+ t:Bitmask=Bitmask
Bitmask = @Value!=bitmask

Items = (ITEM|t:ReplyToItem=any|t:ForwardItem=any|t:ReplyAllToItem=any|t:AcceptItem=any|t:TentativelyAcceptItem=any|t:DeclineItem=any|t:CancelCalendarItem=any|t:RemoveItem=any|t:SuppressReadReceipt=any|t:PostReplyItem=any|t:AcceptSharingInvitation=any)+
ItemChanges = t:ItemChange=ItemChange+
ItemChange = (ITEMID) t:Updates=Updates t:CalendarActivityData=any?
Updates = (t:AppendToItemField=SetItemField|t:SetItemField=SetItemField|t:DeleteItemField=DeleteField)+
SetItemField = (PATH)+ (ITEM)
DeleteField = (PATH)+
Folders = (FOLDER)+
FolderChanges = t:FolderChange=FolderChange+
FolderChange = (t:FolderId=Id|t:DistinguishedFolderId=Distinguished) t:Updates=FolderUpdates
FolderUpdates = (t:AppendToFolderField=SetFolderField|t:SetFolderField=SetFolderField|t:DeleteFolderField=DeleteField)+
SetFolderField = (PATH)+ (FOLDER)
Folder = t:FolderId=Id? t:ParentFolderId=Id? t:FolderClass=string? t:DisplayName=string? t:TotalCount=int? t:ChildFolderCount=int? t:ExtendedProperty=ExtendedProperty* t:ManagedFolderInformation=any? t:EffectiveRights=any? t:DistinguishedFolderId=distinguished? t:PolicyTag=any? t:ArchiveTag=any? t:ReplicaList=any? t:SharingEffectiveRights=any? t:PermissionSet=any? t:UnreadCount=int?

ExtendedProperty = t:ExtendedFieldURI=ExtendedFieldURI (t:Value=string|t:Values=Values)
Values = t:Value=string+
Body = #string @BodyType!=BodyType @IsTruncated=bool
Mime = #string @CharacterSet=string
Strings = t:String=string*
Mailbox = t:Name=string? t:EmailAddress=filled? t:RoutingType=filled? t:MailboxType=MailboxType? t:ItemId=Id? t:OriginalDisplayName=string?
Recipient = t:Mailbox=Mailbox
Recipients = t:Mailbox=Mailbox*
Attendees = t:Attendee=Attendee+
Attendee = t:Mailbox=Mailbox t:ResponseType=Response? t:LastResponseTime=dateTime? t:ProposedStart=dateTime? t:ProposedEnd=dateTime?
Occurrence = t:ItemId=Id t:Start=dateTime t:End=dateTime t:OriginalStart=dateTime
Occurrences = t:Occurrence=Occurrence+
Deletions = t:DeletedOccurrence=Deletion+
Deletion = t:Start=dateTime
CompleteName = t:Title=string? t:FirstName=string? t:MiddleName=string? t:LastName=string? t:Suffix=string? t:Initials=string? t:FullName=string? t:Nickname=string? t:YomiFirstName=string? t:YomiLastName=string?
AttachmentShape = t:IncludeMimeContent=bool? t:BodyType=BodyShape? t:FilterHtmlContent=bool? t:AdditionalProperties=Paths?
AttachmentIds = t:AttachmentId=AttachmentId+
AttachmentId = @Id!=string @RootItemId=string @RootItemChangeKey=string
Attachments = (ATTACHMENT)*
NewAttachments = (ATTACHMENT)+
FileAttachment = t:AttachmentId=AttachmentId? t:Name=string? t:ContentType=string? t:ContentId=string? t:ContentLocation=string? t:AttachmentOriginalUrl=string? t:Size=int? t:LastModifiedTime=dateTime? t:IsInline=bool? t:IsContactPhoto=bool? t:Content=base64?
Emails = t:Entry=EmailEntry+
EmailEntry = #string @Key!=EmailKey @Name=string @RoutingType=string @MailboxType=MailboxType
Phones = t:Entry=PhoneEntry+
PhoneEntry = #string @Key!=PhoneKey
Ims = t:Entry=ImEntry+
ImEntry = #string @Key!=ImKey
Addresses = t:Entry=AddressEntry+
AddressEntry = @Key!=AddressKey t:Street=string? t:City=string? t:State=string? t:CountryOrRegion=string? t:PostalCode=string?

Recurrence = (t:RelativeYearlyRecurrence=RelativeYearly|t:AbsoluteYearlyRecurrence=AbsoluteYearly|t:RelativeMonthlyRecurrence=RelativeMonthly|t:AbsoluteMonthlyRecurrence=AbsoluteMonthly|t:WeeklyRecurrence=Weekly|t:DailyRecurrence=Interval) RANGE
TaskRecurrence = (t:RelativeYearlyRecurrence=RelativeYearly|t:AbsoluteYearlyRecurrence=AbsoluteYearly|t:RelativeMonthlyRecurrence=RelativeMonthly|t:AbsoluteMonthlyRecurrence=AbsoluteMonthly|t:WeeklyRecurrence=Weekly|t:DailyRecurrence=Interval|t:DailyRegeneration=Interval|t:WeeklyRegeneration=Interval|t:MonthlyRegeneration=Interval|t:YearlyRegeneration=Interval) RANGE
Interval = t:Interval=int
Weekly = t:Interval=int t:DaysOfWeek=weekdays t:FirstDayOfWeek=Weekday?
RelativeMonthly = t:Interval=int t:DaysOfWeek=Weekday t:DayOfWeekIndex=WeekIndex
AbsoluteMonthly = t:Interval=int t:DayOfMonth=int
RelativeYearly = t:DaysOfWeek=Weekday t:DayOfWeekIndex=WeekIndex t:Month=Month
AbsoluteYearly = t:DayOfMonth=int t:Month=Month
NoEnd = t:StartDate=date
EndDate = t:StartDate=date t:EndDate=date
Numbered = t:StartDate=date t:NumberOfOccurrences=int

Zone = @Id=string @Name=string (t:Periods=Periods? t:TransitionsGroups=Groups? t:Transitions=Transitions?)?
Periods = t:Period=Period+
Period = @Bias!=duration @Name!=string @Id!=string
Groups = t:TransitionsGroup=Transitions+
Transitions = @Id=string (t:Transition=Transition|t:AbsoluteDateTransition=DateTransition|t:RecurringDayTransition=DayTransition|t:RecurringDateTransition=MonthDayTransition)*
Transition = t:To=Target
Target = #string @Kind!=TransitionKind
DateTransition = t:To=Target t:DateTime=dateTime
DayTransition = t:To=Target t:TimeOffset=duration t:Month=int t:DayOfWeek=Weekday t:Occurrence=int
MonthDayTransition = t:To=Target t:TimeOffset=duration t:Month=int t:Day=int
OldZone = @TimeZoneName=string t:BaseOffset=duration? (t:Standard=any t:Daylight=any)?

RequestServerVersion = @Version!=string
TimeZoneContext = t:TimeZoneDefinition=Zone
ExchangeImpersonation = t:ConnectingSID=ConnectingSid
ConnectingSid = (t:PrincipalName=string|t:SID=string|t:PrimarySmtpAddress=string|t:SmtpAddress=string)
"""  # noqa: E501  one rule a line reads best

MACROS = {
    "PATH": "t:FieldURI=FieldURI|t:IndexedFieldURI=IndexedFieldURI"
    "|t:ExtendedFieldURI=ExtendedFieldURI",
    "ITEMID": "t:ItemId=Id|t:OccurrenceItemId=OccurrenceItemId"
    "|t:RecurringMasterItemId=RecurringMasterItemId",
    "ITEM": "t:Item=item.Item|t:Message=item.Message|t:CalendarItem=item.CalendarItem"
    "|t:Contact=item.Contact|t:Task=item.Task|t:DistributionList=item.DistributionList|t:MeetingMessage=any"
    "|t:MeetingRequest=any|t:MeetingResponse=any|t:MeetingCancellation=any|t:PostItem=any"
    "|t:RoleMember=any|t:Network=any|t:Person=any",
    "ATTACHMENT": "t:FileAttachment=FileAttachment|t:ItemAttachment=ItemAttachment"
    "|t:ReferenceAttachment=any",
    "FOLDER": "t:Folder=Folder|t:CalendarFolder=Folder|t:ContactsFolder=Folder"
    "|t:SearchFolder=any|t:TasksFolder=Folder",
    "RANGE": "(t:NoEndRecurrence=NoEnd|t:EndDateRecurrence=EndDate|t:NumberedRecurrence=Numbered)",
    "EXPRESSION": "t:Contains=Containing|t:Excludes=Excluding|t:Exists=Existing|t:And=Restriction"
    "|t:Or=Restriction|t:Not=Restriction|"
    + "|".join(
        f"t:Is{word}=Comparing"
        for word in (
            "EqualTo",
            "NotEqualTo",
            "GreaterThan",
            "GreaterThanOrEqualTo",
            "LessThan",
            "LessThanOrEqualTo",
        )
    ),
}

# The well-known names of folders, by the first server that knows them.
_NAMES = {
    7: """
calendar contacts deleteditems drafts inbox journal notes outbox sentitems tasks msgfolderroot
publicfoldersroot root junkemail searchfolders voicemail
""",
    10: """
recoverableitemsroot recoverableitemsdeletions recoverableitemsversions recoverableitemspurges
archiveroot archivemsgfolderroot archivedeleteditems archiverecoverableitemsroot
archiverecoverableitemsdeletions archiverecoverableitemsversions archiverecoverableitemspurges
""",
    13: """
recoverableitemsdiscoveryholds archiveinbox archiverecoverableitemsdiscoveryholds syncissues
conflicts localfailures serverfailures recipientcache quickcontacts conversationhistory
adminauditlogs todosearch mycontacts directory imcontactlist peopleconnect favorites
""",
    16: """
mecontact personmetadata teamspaceactivity teamspacemessaging teamspaceworkitems
scheduled orionnotes tagitems alltaggeditems externalcontacts teamchat yammerroot yammerinbound
yammeroutbound yammerfeeds onedriveroot onedriverecylebin onedrivesystem onedrivevolume
""",
}
LATER_NAMES = {since: frozenset(names.split()) for since, names in _NAMES.items()}
DISTINGUISHED: frozenset[str] = frozenset().union(*LATER_NAMES.values())
