// Deleting: names what goes, asks for the one date or the series, tells whom nobody tells.

import { load } from "./details.js";
import { ask, fillLines, sayNotTold } from "./dialogs.js";
import { data, url, words } from "./page.js";
import { postJson, tell, toastWithUndo } from "./shell.js";

const dialog = document.getElementById("cal-delete");

/** Ask and delete. */
export async function removeSpan(span, refresh) {
  let found;
  try {
    found = await load(span);
  } catch (error) {
    tell(error);
    refresh();
    return;
  }
  const form = dialog.querySelector("form");
  form.reset();
  fillLines(dialog, { title: span.title, when: found.when, repeats: found.repeats });
  dialog.querySelector("[data-scope]").hidden = !span.at;
  sayNotTold(dialog, found.attendees.length);
  ask(dialog, async () => {
    const scope = !span.at ? "series" : form.elements.scope.value;
    let gone;
    try {
      gone = await postJson(url("delete", span.entry), { version: found.version, at: span.at, scope });
    } catch (error) {
      tell(error);
      if (error.status !== 409 && error.status !== 404) return false;
      refresh();
      return true;
    }
    toastWithUndo(words.deleted, async () => {
      await postJson(data.urls.undo, { undo: gone.undo });
      refresh();
    }, { done: words.undone });
    refresh();
    return true;
  });
}
