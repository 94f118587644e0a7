// What the calendar's dialogs share.

import { make, notTold } from "./page.js";
import { openDialog } from "./shell.js";

/** A sentence about attendees who hear nothing, shown only when there are any. */
export function sayNotTold(dialog, count) {
  const line = dialog.querySelector("[data-attendees]");
  line.textContent = notTold(count);
  line.hidden = !count;
}

/** Fill the lines of a preview; empty ones vanish. */
export function fillLines(dialog, lines) {
  for (const [name, text] of Object.entries(lines)) {
    const line = dialog.querySelector(`[data-${name}]`);
    line.textContent = text ?? "";
    line.hidden = !text;
  }
}

/** Open a dialog whose form is sent by `act`; it stays open while that fails. */
export function ask(dialog, act) {
  const form = dialog.querySelector("form");
  const confirm = form.querySelector("[type=submit]");
  form.onsubmit = async (event) => {
    event.preventDefault();
    confirm.disabled = true;
    try {
      if (await act(form) !== false) dialog.close();
    } finally {
      confirm.disabled = false;
    }
  };
  openDialog(dialog);
}

/** A line with an icon in the details. */
export function line(icon, ...children) {
  return make("p", "cal-line", icon, make("span", "", ...children));
}
