// Colleagues whose calendars are shown too; the choice is remembered in this browser.

import { showPeople } from "./feed.js";

const KEPT = "andock.calendar.people";

/** Wire the check boxes, and begin with those that were chosen last time. */
export function watchPeople(refresh) {
  const boxes = [...document.querySelectorAll("[data-person]")];
  const kept = new Set(JSON.parse(localStorage.getItem(KEPT) ?? "[]"));
  // A box that was ticked before this script was there stays ticked.
  boxes.forEach((box) => { box.checked ||= kept.has(box.value); });
  const apply = () => {
    const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
    localStorage.setItem(KEPT, JSON.stringify(chosen));
    showPeople(chosen);
    refresh();
  };
  boxes.forEach((box) => box.addEventListener("change", apply));
  if (boxes.some((box) => box.checked)) apply();
}
