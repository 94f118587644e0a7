// Dragging and resizing on the grid.

import { ask, sayNotTold } from "./dialogs.js";
import { isPlanned, notTold, url, words } from "./page.js";
import { postJson, tell, toast } from "./shell.js";
import { plusDays, plusSeconds } from "./time.js";

const dialog = document.getElementById("cal-move");

/** Something was dropped. A repeating one asks whether the series goes along. */
export function moveSpan(span, info, refresh) {
  const seconds = (duration) => (duration ? duration.days * 86400 + duration.seconds : 0);
  const plus = span.allDay
    ? (wall, by) => plusDays(wall, Math.round(by / 86400))
    : plusSeconds;
  const sent = {
    version: span.version,
    at: span.at,
    all_day: span.allDay,
    start: plus(span.start, seconds(info.delta ?? info.startDelta)),
    end: plus(span.end, seconds(info.delta ?? info.endDelta)),
  };
  if (!span.at) {
    send(span, { ...sent, scope: "one" }, info, refresh);
    return;
  }
  const form = dialog.querySelector("form");
  form.reset();
  sayNotTold(dialog, span.attendees);
  let moved = false;
  dialog.onclose = () => { if (!moved) info.revert(); };
  ask(dialog, async () => {
    moved = true;
    await send(span, { ...sent, scope: form.elements.scope.value }, info, refresh);
  });
}

async function send(span, sent, info, refresh) {
  try {
    await postJson(isPlanned(span) ? url(`${span.kind}Move`, span.id) : url("move", span.entry), sent);
    toast(words.moved, { detail: notTold(span.attendees) });
  } catch (error) {
    info.revert();
    tell(error);
  }
  refresh();
}
