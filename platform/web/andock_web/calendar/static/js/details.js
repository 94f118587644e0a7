// All about one's own entry, and what can be done with it.

import { line } from "./dialogs.js";
import { choices } from "./menu.js";
import { data, fill, icon, make, url, words } from "./page.js";
import { getJson, openDialog, tell } from "./shell.js";
import { spoken } from "./time.js";

const dialog = document.getElementById("cal-details");

/** An entry's details as the server knows them now. */
export function load(span) {
  return getJson(`${url("entry", span.entry)}?${new URLSearchParams({ at: span.at })}`);
}

/** Show the details of a span; of a colleague's appointment, what the grid knows already. */
export async function showDetails(span, acts, refresh) {
  if (!span.entry) {
    show(span, [line(icon("clock"), spoken(span)), ...theirs(span)], []);
    return;
  }
  let found;
  try {
    found = await load(span);
  } catch (error) {
    tell(error);
    refresh();
    return;
  }
  show(span, body(found), buttons(span, acts));
}

function show(span, lines, acts) {
  document.getElementById("cal-details-title").textContent = span.title;
  dialog.querySelector("[data-body]").replaceChildren(...lines);
  dialog.querySelector("[data-acts]").replaceChildren(...acts);
  openDialog(dialog);
}

function theirs(span) {
  const lines = [];
  if (span.place) lines.push(line(icon("map-pin"), span.place));
  const who = data.people.find((each) => each.id === span.who);
  if (who) lines.push(line(icon("user"), who.name));
  return lines;
}

function body(found) {
  const lines = [line(icon("clock"), found.when)];
  if (found.zone) lines.push(make("p", "cal-hint", fill(words.zone, found.zone)));
  if (found.repeats) lines.push(line(icon("repeat"), found.repeats));
  if (found.place) lines.push(line(icon("map-pin"), found.place));
  if (found.organizer && found.locked) lines.push(line(icon("user"), found.organizer));
  if (found.attendees.length) {
    lines.push(line(icon("users"), found.attendees.map((each) => each.name).join(", ")));
  }
  if (!found.visible) lines.push(line(icon("eye-off"), `${words.block}, ${words.onlyYou}`));
  if (found.reason.length) lines.push(line(icon("lock"), found.reason.join(" ")));
  if (found.notes) {
    const notes = make("div", "cal-notes");
    notes.innerHTML = found.notes; // cleaned by the server
    lines.push(notes);
  }
  return lines;
}

function buttons(span, acts) {
  const shown = choices(span).filter(([act]) => act !== "details" && act !== "copyTime");
  const primary = span.editable ? "edit" : "convert";
  return shown.map(([act, name, label]) => {
    const kind = act === primary ? "button-primary" : "button-secondary";
    const button = make("button", `button ${kind}`, icon(name), make("span", "", label));
    button.type = "button";
    button.autofocus = act === primary;
    button.addEventListener("click", () => {
      dialog.close();
      acts[act](span);
    });
    return button;
  }).sort((a, b) => a.classList.contains("button-primary") - b.classList.contains("button-primary"));
}
