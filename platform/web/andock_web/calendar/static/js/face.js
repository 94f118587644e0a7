// How a span looks on the grid: its classes, its lines, and what a screen reader says.

import { data, fill, icon, isPlanned, make, words } from "./page.js";
import { spoken, time } from "./time.js";

/** Classes of a span's box. */
export function classes(span) {
  const found = ["cal-span", `cal-${span.kind}`];
  if (!span.mine) found.push("cal-other", `cal-tone-${person(span.who)?.tone ?? 1}`);
  if (span.busy === "free") found.push("cal-free");
  if (span.busy === "tentative") found.push("cal-tentative");
  if (span.shown || span.canHide) found.push("cal-converted");
  if (span.done) found.push("cal-done");
  return found;
}

/** The lines in a span's box: a button where there is more to see. `key` finds the span again
    from the element. */
export function content(span, key, view) {
  const face = make(span.title === undefined ? "div" : "button", "cal-face");
  if (face.type) face.type = "button";
  face.dataset.key = key;
  const listed = view.startsWith("list");
  if (listed || view.startsWith("dayGrid")) face.append(...timeBefore(span, listed));
  face.append(make("span", "cal-face-title", heading(span, listed)));
  const line = make("span", "cal-face-line", details(span, !listed).join(" · "));
  if (span.repeats) line.append(" ", icon("repeat"));
  line.setAttribute("aria-hidden", "true");
  face.append(line, make("span", "for-readers", `, ${sentence(span)}`));
  return { domNodes: [face] };
}

// Of a colleague's block there is a name and nothing else; on the grid its initials have to do.
function heading(span, listed) {
  if (span.title !== undefined) return span.title;
  const who = person(span.who);
  if (listed) return fill(words.takenBy, who?.name ?? "");
  const short = make("span", "", who?.initials ?? "");
  short.setAttribute("aria-hidden", "true");
  const whole = make("span", "for-readers", fill(words.takenBy, who?.name ?? ""));
  return make("span", "", short, whole);
}

function timeBefore(span, listed) {
  if (span.allDay) return listed ? [make("span", "cal-face-time", words.allDay)] : [];
  const text = listed ? `${time(span.start)}–${time(span.end)}` : time(span.start);
  return [make("span", "cal-face-time figures", text)];
}

function details(span, withTime) {
  const block = span.kind === "block";
  const lines = [];
  if (isPlanned(span)) lines.push(words[span.kind]);
  if (withTime && !span.allDay && !block) lines.push(time(span.start));
  if (span.mine && block) lines.push(words.onlyYou);
  else if (span.place) lines.push(span.place);
  if (!span.mine && !block) lines.push(person(span.who)?.name ?? "");
  return lines;
}

const person = (id) => data.people.find((each) => each.id === id);

function sentence(span) {
  const parts = [spoken(span)];
  if (span.place) parts.push(span.place);
  if (span.kind === "block" && span.mine) parts.push(words.block, words.onlyYou);
  if (span.kind === "appointment") parts.push(words.appointment);
  if (isPlanned(span)) parts.push(words[span.kind]);
  if (span.done) parts.push(words.done);
  if (span.repeats) parts.push(words.repeats);
  if (!isPlanned(span) && words[span.busy]) parts.push(words[span.busy]);
  return parts.join(", ");
}
