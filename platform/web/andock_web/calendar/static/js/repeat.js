// The choice of a repetition in the form; what a kind means follows from the day it starts on.

import { data, fill, words } from "./page.js";
import { dayMonth, longWeekday } from "./time.js";

const UNITS = { daily: "days", weekly: "weeks", monthly_day: "months", monthly_weekday: "months" };
const ORDINALS = ["first", "second", "third", "fourth", "last"];
const WEEKDAYS = data.weekdays.map((each) => each.id);

/** Keep the choice's parts in step with each other and with the start. */
export function wireRepeat(form) {
  const field = form.elements;
  for (const name of ["repeat", "repeat_end", "start_day"]) {
    field[name].addEventListener("change", () => showParts(form));
  }
}

/** Show a repetition. `sentence` names one that the form cannot express. */
export function fillRepeat(form, repeat, sentence) {
  const field = form.elements;
  const kept = field.repeat.querySelector("[value=keep]");
  kept.hidden = repeat.kind !== "keep";
  kept.textContent = fill(words.keepRepeat, sentence);
  field.repeat.value = repeat.kind;
  field.interval.value = repeat.interval ?? 1;
  field.repeat_end.value = repeat.end ?? "never";
  field.until.value = repeat.until ?? "";
  field.count.value = repeat.count || 10;
  field.days.forEach((box) => { box.checked = (repeat.days ?? []).includes(box.value); });
  showParts(form);
}

/** The choice as the server reads it. */
export function readRepeat(form) {
  const field = form.elements;
  const end = field.repeat_end.value;
  return {
    kind: field.repeat.value,
    interval: field.interval.value,
    days: field.repeat.value === "weekly"
      ? [...field.days].filter((box) => box.checked).map((box) => box.value)
      : [],
    end,
    count: end === "count" ? field.count.value : "0",
    until: end === "until" ? field.until.value : "",
  };
}

function showParts(form) {
  const field = form.elements;
  const kind = field.repeat.value;
  const start = field.start_day.value;
  if (start) nameKinds(field.repeat, start);
  form.querySelector("[data-repeat-more]").hidden = kind === "none" || kind === "keep";
  form.querySelector("[data-interval]").hidden = kind === "yearly_day";
  form.querySelector("[data-days]").hidden = kind !== "weekly";
  form.querySelector("[data-unit]").textContent = words[UNITS[kind]] ?? "";
  field.until.hidden = field.repeat_end.value !== "until";
  field.count.hidden = field.repeat_end.value !== "count";
  if (kind === "weekly" && start && ![...field.days].some((box) => box.checked)) {
    const weekday = WEEKDAYS[(new Date(`${start}T00:00:00Z`).getUTCDay() + 6) % 7];
    [...field.days].find((box) => box.value === weekday).checked = true;
  }
}

function nameKinds(select, start) {
  const number = Number(start.slice(8, 10));
  const ordinal = ORDINALS[Math.min(Math.ceil(number / 7), 5) - 1];
  const names = {
    monthly_day: fill(words.monthlyDay, number),
    monthly_weekday: fill(words.monthlyWeekday, fill(words[ordinal], longWeekday(start))),
    yearly_day: fill(words.yearlyDay, dayMonth(start)),
  };
  for (const [value, name] of Object.entries(names)) {
    select.querySelector(`[value=${value}]`).textContent = name;
  }
}
