// A short message at the bottom of the page, read out by screen readers.

import { tell } from "./fetch.js";

const SECONDS = 6;
const SECONDS_TO_UNDO = 12;

/**
 * Show `text`. Options: `detail` (a second sentence), `kind` ("go" or "stop": stays until closed),
 * `action` (a word to click) with `href` or `onAction`, `seconds` until it leaves. Returns a function
 * that takes it away.
 */
export function toast(text, options = {}) {
  const { detail = "", kind = "go", action = "", href = "", onAction, seconds = SECONDS } = options;
  const host = document.getElementById("toasts");
  const element = make("div", "toast");
  const body = make("div", "toast-text");
  body.append(make("strong", "", text), detail);
  element.append(body);
  const remove = () => element.remove();
  if (action) element.append(makeAction(action, href, onAction, remove));
  const close = make("button", "toast-close", "×");
  close.type = "button";
  close.setAttribute("aria-label", host.dataset.close);
  close.addEventListener("click", remove);
  element.append(close);
  host.replaceChildren(element);
  if (kind !== "stop") leaveLater(element, remove, seconds);
  return remove;
}

/**
 * Say that something went, with "Undo" beside it. `undo` is async and brings it back (it posts the
 * token that the delete answered with, see undo.py); `done` is said when that worked.
 */
export function toastWithUndo(text, undo, { done = "" } = {}) {
  const act = async () => {
    try {
      await undo();
    } catch (error) {
      tell(error);
      return;
    }
    if (done) toast(done);
  };
  const label = document.getElementById("toasts").dataset.undo;
  return toast(text, { action: label, onAction: act, seconds: SECONDS_TO_UNDO });
}

function makeAction(label, href, onAction, remove) {
  const element = make(href ? "a" : "button", "toast-action", label);
  if (href) element.href = href;
  else {
    element.type = "button";
    element.addEventListener("click", () => { remove(); onAction?.(); });
  }
  return element;
}

// Not while somebody reads it with the pointer or the focus on it.
function leaveLater(element, remove, seconds) {
  let timer = setTimeout(remove, seconds * 1000);
  const hold = () => clearTimeout(timer);
  const resume = () => { hold(); timer = setTimeout(remove, seconds * 1000); };
  element.addEventListener("pointerenter", hold);
  element.addEventListener("pointerleave", resume);
  element.addEventListener("focusin", hold);
  element.addEventListener("focusout", resume);
}

function make(tag, className, text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}
