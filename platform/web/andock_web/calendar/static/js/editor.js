// The form of an appointment: a new one, a changed one, a series or one date of it.

import { load } from "./details.js";
import { ask, sayNotTold } from "./dialogs.js";
import { data, fill, icon, url, words } from "./page.js";
import { fillRepeat, readRepeat, wireRepeat } from "./repeat.js";
import { postJson, tell, toast } from "./shell.js";
import { day, plusDays, plusSeconds, time } from "./time.js";

const dialog = document.getElementById("cal-editor");
const form = dialog.querySelector("form");
const field = form.elements;
const heading = document.getElementById("cal-editor-title");

/** Begin a new appointment in that time. `left` is called when nothing came of it. */
export function createAt({ start, end, allDay }, done, left) {
  const timed = (wall, other) => (allDay ? other : time(wall));
  show({
    title: "",
    all_day: allDay,
    start_day: day(start),
    start_time: timed(start, "09:00"),
    end_day: allDay ? plusDays(end, -1) : day(end),
    end_time: timed(end, "10:00"),
    zone: data.zone,
    busy: "busy",
    reminder: "15",
    repeat: { kind: "none" },
  }, { heading: words.create, repeats: "", repeatable: true, attendees: 0 });
  dialog.onclose = left;
  ask(dialog, () => send(data.urls.create, {}, words.created, done));
}

/** Change what a span shows: one date when it repeats, with a way to the whole series. */
export async function editSpan(span, refresh, whole = false) {
  let found;
  try {
    found = await load(whole ? { ...span, at: "" } : span);
  } catch (error) {
    tell(error);
    refresh();
    return;
  }
  const one = span.at && !whole;
  show(found.form, {
    heading: !span.at ? words.change : one ? words.changeOne : words.changeSeries,
    repeats: found.repeats,
    repeatable: !one,
    attendees: found.attendees.length,
  });
  offerSeries(one, () => editSpan(span, refresh, true));
  dialog.onclose = null;
  const sent = { version: found.version, at: one ? span.at : "", scope: one ? "one" : "series" };
  ask(dialog, () => send(url("save", span.entry), sent, words.saved, refresh));
}

function show(values, { heading: title, repeats, repeatable, attendees }) {
  form.reset();
  heading.textContent = title;
  offerSeries(false);
  clearErrors();
  for (const name of ["title", "start_day", "start_time", "end_day", "end_time", "place", "notes"]) {
    field[name].value = values[name] ?? "";
  }
  field.all_day.checked = values.all_day;
  field.busy.value = values.busy;
  setReminder(values.reminder ?? "");
  form.dataset.zone = values.zone;
  const zone = form.querySelector("[data-zone]");
  zone.hidden = values.all_day || values.zone === data.zone;
  zone.textContent = fill(words.zone, values.zone);
  form.querySelector("[data-repeat]").hidden = !repeatable;
  fillRepeat(form, values.repeat, repeats);
  sayNotTold(dialog, attendees);
  showTimes();
}

// A reminder that the form does not offer is kept as one more choice.
function setReminder(value) {
  const select = field.reminder;
  select.querySelector("[data-kept]")?.remove();
  if (value && ![...select.options].some((option) => option.value === value)) {
    const option = new Option(`${value} min`, value);
    option.dataset.kept = "";
    select.append(option);
  }
  select.value = value;
}

function offerSeries(offered, act) {
  dialog.querySelector("[data-to-series]")?.remove();
  if (!offered) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-quiet button-small cal-to-series";
  button.dataset.toSeries = "";
  button.append(icon("repeat"), words.changeSeries);
  button.addEventListener("click", () => { dialog.close(); act(); });
  form.prepend(button);
}

async function send(address, extra, done, refresh) {
  clearErrors();
  try {
    await postJson(address, { ...extra, ...read() });
  } catch (error) {
    if (error.status === 422) showError(error);
    else tell(error);
    if (error.status !== 409 && error.status !== 404) return false;
    refresh();
    return true;
  }
  toast(done);
  refresh();
  return true;
}

function read() {
  const text = (name) => field[name].value;
  return {
    title: text("title"),
    all_day: field.all_day.checked,
    start_day: text("start_day"),
    start_time: text("start_time"),
    end_day: text("end_day"),
    end_time: text("end_time"),
    zone: form.dataset.zone,
    place: text("place"),
    notes: text("notes"),
    busy: text("busy"),
    reminder: text("reminder"),
    repeat: readRepeat(form),
  };
}

function showError(error) {
  const box = form.querySelector(`[data-field="${CSS.escape(error.data.field ?? "")}"]`);
  if (box) {
    const line = box.querySelector(".field-error");
    line.textContent = `${error.title} ${error.advice}`;
    line.hidden = false;
    box.classList.add("field-wrong");
    const input = box.querySelector("input, select, textarea");
    input.setAttribute("aria-invalid", "true");
    input.focus();
    return;
  }
  const notice = form.querySelector("[data-form-error]");
  notice.querySelector(".notice-title").textContent = error.title;
  notice.querySelector("[data-advice]").textContent = error.advice;
  notice.hidden = false;
}

function clearErrors() {
  form.querySelector("[data-form-error]").hidden = true;
  form.querySelectorAll("[data-field]").forEach((box) => {
    box.classList.remove("field-wrong");
    box.querySelector(".field-error").hidden = true;
    box.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
  });
}

function showTimes() {
  for (const name of ["start_time", "end_time"]) {
    field[name].hidden = field.all_day.checked;
    field[name].disabled = field.all_day.checked;
    if (!field[name].value) field[name].value = name === "start_time" ? "09:00" : "10:00";
  }
}

// The end keeps its distance when the start moves.
let before = "";
const start = () => `${field.start_day.value}T${field.start_time.value || "00:00"}:00`;
form.addEventListener("focusin", () => { before = start(); });
for (const name of ["start_day", "start_time"]) {
  field[name].addEventListener("change", () => {
    const gap = (Date.parse(`${start()}Z`) - Date.parse(`${before}Z`)) / 1000;
    const end = `${field.end_day.value}T${field.end_time.value || "00:00"}:00`;
    if (Number.isFinite(gap) && field.end_day.value) {
      const moved = plusSeconds(end, gap);
      field.end_day.value = day(moved);
      field.end_time.value = time(moved);
    }
    before = start();
  });
}
field.all_day.addEventListener("change", showTimes);
wireRepeat(form);
