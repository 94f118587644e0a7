// What every page needs. Areas load their own modules besides.

import { enhanceDialogs } from "./dialog.js";
import { enhanceMenus } from "./menu.js";
import { enhanceReveals } from "./reveal.js";
import { enableShortcuts } from "./shortcuts.js";

enhanceMenus(document);
enhanceDialogs(document);
enhanceReveals(document);
enableShortcuts();

// A page from the browser's memory may be older than the sign-in: ask the server again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
