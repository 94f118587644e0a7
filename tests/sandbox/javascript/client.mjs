// ews-javascript-api as a process: a JSON command per line in, a JSON answer per line out.
import { createInterface } from "node:readline";
import ews from "ews-javascript-api";

const [address, user, password, version] = process.argv.slice(2);
const service = new ews.ExchangeService(ews.ExchangeVersion[version]);
service.Credentials = new ews.WebCredentials(user, password);
service.Url = new ews.Uri(address);
const id = (text) => new ews.ItemId(text);
const when = (text) => ews.DateTime.Parse(text);
const NONE = ews.SendInvitationsMode.SendToNone;
const NOBODY = ews.SendInvitationsOrCancellationsMode.SendToNone;

function seen(item) {
  return { id: item.Id.UniqueId, subject: item.Subject, start: item.Start.ToISOString(), end: item.End.ToISOString() };
}

const commands = {
  async create({ subject, start, end, location, days, count, attendee }) {
    const made = new ews.Appointment(service);
    made.Subject = subject;
    made.Body = new ews.MessageBody(ews.BodyType.Text, "Notiz");
    made.Start = when(start);
    made.End = when(end);
    if (location) made.Location = location;
    if (days) {
      made.Recurrence = new ews.Recurrence.WeeklyPattern(when(start), 1, days.map((day) => ews.DayOfTheWeek[day]));
      made.Recurrence.NumberOfOccurrences = count;
    }
    if (attendee) made.RequiredAttendees.Add(attendee);
    await made.Save(attendee ? ews.SendInvitationsMode.SendToAllAndSaveCopy : NONE);
    return { id: made.Id.UniqueId };
  },
  async read({ id: wanted }) {
    const item = await ews.Appointment.Bind(service, id(wanted));
    return { ...seen(item), location: item.Location, type: ews.AppointmentType[item.AppointmentType], body: item.Body.Text };
  },
  async change({ id: wanted, subject, start, end }) {
    const item = await ews.Appointment.Bind(service, id(wanted));
    if (subject) item.Subject = subject;
    if (start) item.Start = when(start);
    if (end) item.End = when(end);
    await item.Update(ews.ConflictResolutionMode.AutoResolve, NOBODY);
    return {};
  },
  async changeOccurrence({ id: master, index, subject }) {
    const item = await ews.Appointment.BindToOccurrence(service, id(master), index);
    item.Subject = subject;
    await item.Update(ews.ConflictResolutionMode.AutoResolve, NOBODY);
    return {};
  },
  async deleteOccurrence({ id: master, index }) {
    const item = await ews.Appointment.BindToOccurrence(service, id(master), index);
    await item.Delete(ews.DeleteMode.HardDelete, ews.SendCancellationsMode.SendToNone);
    return {};
  },
  async remove({ id: wanted }) {
    const item = await ews.Item.Bind(service, id(wanted));
    if (item instanceof ews.Appointment) await item.Delete(ews.DeleteMode.HardDelete, ews.SendCancellationsMode.SendToNone);
    else await item.Delete(ews.DeleteMode.HardDelete);
    return {};
  },
  async view({ start, end }) {
    const found = await service.FindAppointments(ews.WellKnownFolderName.Calendar, new ews.CalendarView(when(start), when(end)));
    return { entries: found.Items.map(seen) };
  },
  async sync({ state }) {
    const found = await service.SyncFolderItems(
      new ews.FolderId(ews.WellKnownFolderName.Calendar), ews.PropertySet.IdOnly, null, 100,
      ews.SyncFolderItemsScope.NormalItems, state ?? null);
    return { state: found.SyncState, changes: found.GetEnumerator().map((one) => ({ type: ews.ChangeType[one.ChangeType], id: one.ItemId.UniqueId })) };
  },
  async createContact({ given, surname, email, mobile }) {
    const made = new ews.Contact(service);
    made.GivenName = given;
    made.Surname = surname;
    made.EmailAddresses._setItem(ews.EmailAddressKey.EmailAddress1, new ews.EmailAddress(email));
    made.PhoneNumbers._setItem(ews.PhoneNumberKey.MobilePhone, mobile);
    await made.Save();
    return { id: made.Id.UniqueId };
  },
  async readContact({ id: wanted }) {
    const item = await ews.Contact.Bind(service, id(wanted));
    return { surname: item.Surname, email: item.EmailAddresses._getItem(ews.EmailAddressKey.EmailAddress1).Address };
  },
  async changeContact({ id: wanted, company }) {
    const item = await ews.Contact.Bind(service, id(wanted));
    item.CompanyName = company;
    await item.Update(ews.ConflictResolutionMode.AutoResolve);
    return {};
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...given } = JSON.parse(line);
  let answer;
  try {
    answer = await commands[name](given);
  } catch (error) {
    answer = { error: String(error?.Message ?? error?.message ?? error), code: error?.ErrorCode ?? null, stack: error?.stack };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
