// A short message at the bottom of the page, read out by screen readers.

const SECONDS = 6;

/**
 * Show `text`. Options: `detail` (a second sentence), `kind` ("go" or "stop": stays until closed),
 * `action` (a word to click) with `href` or `onAction`. Returns a function that takes it away.
 */
export function toast(text, { detail = "", kind = "go", action = "", href = "", onAction } = {}) {
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
  if (kind !== "stop") leaveLater(element, remove);
  return remove;
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
function leaveLater(element, remove) {
  let timer = setTimeout(remove, SECONDS * 1000);
  const hold = () => clearTimeout(timer);
  const resume = () => { hold(); timer = setTimeout(remove, SECONDS * 1000); };
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
