"""Microsoft Graph v1.0 on the same mailboxes, as far as a calendar, contacts and to-do need it.

service          a request: access, faults, routing, the log
routes           paths and what answers them
context          what a handler knows: the mailbox, preferences, the query
event_…          calendar entries        contact_…  contacts       todo_…  to-do tasks
delta            what has changed        odata      $select, $expand, $filter, paging
batch            $batch                  subscriptions, notices    calling back
"""
