// How a span looks on the grid: its classes, its lines, and what a screen reader says.

import { data, fill, make, words } from "./page.js";
import { spoken, time } from "./time.js";

/** Classes of a span's box. */
export function classes(span) {
  const found = ["cal-span", `cal-${span.kind}`];
  if (!span.mine) found.push("cal-other", `cal-tone-${person(span.who)?.tone ?? 1}`);
  if (span.busy === "free") found.push("cal-free");
  if (span.busy === "tentative") found.push("cal-tentative");
  if (span.shown || span.canHide) found.push("cal-converted");
  return found;
}

/** The lines in a span's box. `key` finds the span again from the element. */
export function content(span, key, listed) {
  const face = make("div", "cal-face");
  face.dataset.key = key;
  const who = span.mine ? "" : person(span.who)?.name ?? "";
  const title = span.title ?? fill(words.takenBy, who);
  face.append(make("span", "cal-face-title", title));
  const lines = [];
  if (!span.allDay && !listed) lines.push(time(span.start));
  if (span.mine && span.kind === "block") lines.push(words.onlyYou);
  else if (span.place) lines.push(span.place);
  if (span.repeats) lines.push(words.repeats);
  if (!span.mine && span.kind === "appointment") lines.push(who);
  const line = make("span", "cal-face-line", lines.join(" · "));
  if (listed) {
    const when = span.allDay ? words.allDay : `${time(span.start)}–${time(span.end)}`;
    face.prepend(make("span", "cal-face-time figures", when));
  }
  const said = make("span", "for-readers", `, ${sentence(span)}`);
  face.append(line, said);
  line.setAttribute("aria-hidden", "true");
  return { domNodes: [face] };
}

const person = (id) => data.people.find((each) => each.id === id);

function sentence(span) {
  const parts = [spoken(span)];
  if (span.place) parts.push(span.place);
  if (span.kind === "block" && span.mine) parts.push(words.block, words.onlyYou);
  if (span.kind === "appointment") parts.push(words.appointment);
  if (span.repeats) parts.push(words.repeats);
  if (words[span.busy]) parts.push(words[span.busy]);
  return parts.join(", ");
}
