// Single keys: "g" and a place's letter goes there; any other presses what carries it as
// data-shortcut. Never while somebody types or a dialog is open, and not at all when the profile
// switched them off (WCAG 2.1.4).

import { openDialog } from "./dialog.js";

const PATIENCE = 1500; // milliseconds between "g" and its letter
const TYPING = "input, textarea, select, [contenteditable], [role=menu]";

/** Listen, unless switched off. */
export function enableShortcuts() {
  if (!("shortcuts" in document.documentElement.dataset)) return;
  let going = -Infinity;
  document.addEventListener("keydown", (event) => {
    if (isMeantOtherwise(event)) return;
    const wasGoing = event.timeStamp - going < PATIENCE;
    going = -Infinity;
    const act = wasGoing ? place(event.key) : single(event.key);
    if (act) {
      event.preventDefault();
      act();
    } else if (event.key === "g") {
      going = event.timeStamp;
    }
  });
}

function isMeantOtherwise(event) {
  return event.defaultPrevented || event.isComposing || event.repeat
    || event.ctrlKey || event.altKey || event.metaKey
    || event.target.closest?.(TYPING)
    || document.querySelector("dialog[open]");
}

function place(key) {
  const link = document.querySelector(`[data-go-key="${CSS.escape(key)}"]`);
  return link && (() => link.click());
}

function single(key) {
  if (key === "?") return () => openDialog(document.getElementById("keys"));
  const all = [...document.querySelectorAll(`[data-shortcut="${CSS.escape(key)}"]`)];
  const target = all.find((each) => each.getClientRects().length > 0);
  if (!target) return null;
  return target.matches("input, textarea") ? () => target.focus() : () => target.click();
}
