// The spans of the visible time, fetched anew when something changed.

import { getJson, tell } from "./shell.js";
import { classes } from "./face.js";
import { data } from "./page.js";
import { day } from "./time.js";

/** Every span on the grid by its key. */
export const spans = new Map();

const chosen = new Set();
let request;

/** Whose calendars are shown besides one's own. */
export function showPeople(ids) {
  chosen.clear();
  ids.forEach((id) => chosen.add(id));
}

/** An event source for the grid: the latest request wins. */
export async function source({ startStr, endStr }) {
  request?.abort();
  request = new AbortController();
  const query = new URLSearchParams({
    from: day(startStr), to: day(endStr), people: [...chosen].join(","),
  });
  const mine = request;
  try {
    const answer = await getJson(`${data.urls.spans}?${query}`, { signal: mine.signal });
    spans.clear();
    return answer.spans.map(asEvent);
  } catch (error) {
    if (mine.signal.aborted) return new Promise(() => {});
    tell(error);
    throw error;
  }
}

function asEvent(span, index) {
  const key = span.entry ? `${span.entry}/${span.at}` : `${span.kind}/${span.id ?? index}`;
  spans.set(key, span);
  return {
    id: key,
    start: span.start,
    end: span.end,
    allDay: span.allDay,
    title: span.title ?? "",
    startEditable: span.editable === true,
    durationEditable: span.editable === true && span.resizable !== false,
    classNames: classes(span),
  };
}
