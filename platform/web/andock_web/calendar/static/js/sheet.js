// On phones the right column is a sheet: a dialog into which the column moves while it is open.

import { openDialog } from "./shell.js";

/** Wire the button that opens the sheet. */
export function wireSheet() {
  const side = document.getElementById("cal-side");
  const sheet = document.getElementById("cal-sheet");
  const home = side.parentElement;
  const back = () => home.append(side);
  document.querySelector("[data-sheet]").addEventListener("click", () => {
    sheet.append(side);
    openDialog(sheet);
  });
  sheet.addEventListener("close", back);
  // Turned to landscape, the window may be wide enough to show the column in its place.
  window.matchMedia("(min-width: 981px)").addEventListener("change", () => sheet.close());
}
