// Private block → visible appointment, after a look at what colleagues will see; and back.

import { load } from "./details.js";
import { ask, fillLines } from "./dialogs.js";
import { url, words } from "./page.js";
import { postJson, tell, toast } from "./shell.js";

const dialog = document.getElementById("cal-convert");

/** Ask, with the preview, and convert. */
export async function converting(span, refresh) {
  let one;
  let all;
  try {
    one = await load(span);
    all = span.at ? await load({ ...span, at: "" }) : one;
  } catch (error) {
    tell(error);
    refresh();
    return;
  }
  const form = dialog.querySelector("form");
  form.reset();
  form.elements.agreed.checked = false;
  // Of a date that is visible already, only the rest of its series is left to show.
  const asks = Boolean(span.at) && !span.shown;
  dialog.querySelector("[data-scope]").hidden = !asks;
  const isWhole = () => !asks || form.elements.scope.value === "series";
  const update = () => preview(isWhole() ? all : one, all);
  form.onchange = update;
  update();
  ask(dialog, async () => {
    const sent = { version: one.version, at: span.at, scope: isWhole() ? "series" : "one" };
    return act("show", span, { ...sent, agreed: form.elements.agreed.checked }, words.shown, refresh);
  });
}

/** Make it private again; that needs no question, and the way back is one click. */
export async function hiding(span, refresh) {
  const scope = span.shown ? "one" : "series";
  await act("hide", span, { version: span.version, at: span.at, scope }, words.hidden, refresh);
}

async function act(name, span, sent, done, refresh) {
  try {
    await postJson(url(name, span.entry), sent);
  } catch (error) {
    tell(error);
    if (error.status !== 409 && error.status !== 404) return false;
    refresh();
    return true;
  }
  toast(done);
  refresh();
  return true;
}

function preview(found, all) {
  const whole = found === all;
  fillLines(dialog, {
    title: found.title || "–",
    when: whole ? all.seriesWhen : found.when,
    repeats: whole ? all.repeats : "",
    place: found.place,
  });
  const marked = whole ? all.markedSeries : found.marked;
  dialog.querySelector("[data-marked]").hidden = !marked;
  dialog.querySelector("[name=agreed]").required = Boolean(marked);
}
