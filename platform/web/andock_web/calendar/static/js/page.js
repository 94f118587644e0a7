// What the server handed over with the page: addresses, people, sentences. And small makers.

export const data = JSON.parse(document.getElementById("cal-data").textContent);
export const words = data.words;

/** The address of an act on an entry or a connection. */
export function url(name, id) {
  return data.urls[name].replace("__id__", encodeURIComponent(id));
}

/** Whether a span is a task or a call: it has a page of its own. */
export const isPlanned = (span) => span.kind === "task" || span.kind === "call";

/** A sentence with "%s" filled in. */
export function fill(text, value) {
  return text.replace("%s", value);
}

/** "3 attendees will not be told.", or nothing when there are none. */
export function notTold(count) {
  if (!count) return "";
  return count === 1 ? words.notTold1 : fill(words.notTold, count);
}

/** An element with a class and text or children. */
export function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== "" && child != null));
  return element;
}

/** A fresh copy of an icon that the page brought along. */
export function icon(name) {
  return document.querySelector(`#cal-icons [data-icon="${name}"]`).firstElementChild.cloneNode(true);
}
