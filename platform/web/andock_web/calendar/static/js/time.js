// Wall times as the server sends them ("2026-11-24T09:00:00", days "2026-11-24"), read and
// reckoned as if they were UTC: the grid computes no zones.

import { data, words } from "./page.js";

const format = (options) => new Intl.DateTimeFormat(data.locale, { timeZone: "UTC", ...options });
const LONG = format({ weekday: "long", day: "numeric", month: "long" });
const SHORT = format({ weekday: "short", day: "2-digit", month: "2-digit", year: "numeric" });
const MONTH = format({ month: "long", year: "numeric" });
const DAY_MONTH = format({ day: "numeric", month: "long" });
const FULL = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const WEEKDAY = format({ weekday: "short" });
const LONG_WEEKDAY = format({ weekday: "long" });

/** A wall time as a Date whose UTC parts are the wall's. */
export const parse = (wall) => new Date(`${wall.length > 10 ? wall : `${wall}T00:00:00`}Z`);
/** The other way round. */
export const spell = (date) => date.toISOString().slice(0, 19);
export const day = (wall) => wall.slice(0, 10);
export const time = (wall) => wall.slice(11, 16);
export const plusSeconds = (wall, seconds) => spell(new Date(parse(wall).getTime() + seconds * 1000));
export const plusDays = (wall, days) => day(plusSeconds(wall, days * 86400));

/** The grid hands out local Dates; this is the wall time that they stand for. */
export function wallOf(local) {
  const two = (number) => String(number).padStart(2, "0");
  return `${local.getFullYear()}-${two(local.getMonth() + 1)}-${two(local.getDate())}`
    + `T${two(local.getHours())}:${two(local.getMinutes())}:00`;
}

export const monthYear = (wall) => MONTH.format(parse(wall));
export const fullDay = (wall) => FULL.format(parse(wall));
export const dayMonth = (wall) => DAY_MONTH.format(parse(wall));
export const weekday = (wall) => WEEKDAY.format(parse(wall)).replace(/\.$/, "");
export const longWeekday = (wall) => LONG_WEEKDAY.format(parse(wall));

/** "Dienstag, 24. November, 09:00–10:00", as it is read out. */
export function spoken(span) {
  const first = LONG.format(parse(span.start));
  if (!span.allDay) {
    const same = day(span.start) === day(span.end);
    const last = same ? time(span.end) : `${LONG.format(parse(span.end))} ${time(span.end)}`;
    return `${first}, ${time(span.start)} – ${last}`;
  }
  const last = plusDays(span.end, -1);
  const until = last === day(span.start) ? "" : ` – ${LONG.format(parse(last))}`;
  return `${first}${until}, ${words.allDay}`;
}

/** "Di., 24.11.2026, 09:00–10:00", for the clipboard. */
export function written(span) {
  const first = SHORT.format(parse(span.start));
  if (span.allDay) {
    const last = plusDays(span.end, -1);
    return last === day(span.start) ? first : `${first} – ${SHORT.format(parse(last))}`;
  }
  const end = day(span.start) === day(span.end)
    ? time(span.end)
    : ` ${SHORT.format(parse(span.end))}, ${time(span.end)}`;
  return `${first}, ${time(span.start)}–${end}`;
}
