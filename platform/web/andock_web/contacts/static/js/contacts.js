// The list: searching as one types, more of it in place, moving by arrow keys, undo of a delete.
// Without this script the form's button, the links and the notice do the same.

import { toast } from "/static/js/toast.js";

const PAUSE = 150; // milliseconds after the last key

const form = document.querySelector("form[data-search]");
const found = document.getElementById("contacts-found");
const says = document.getElementById("contacts-says");
const gone = document.querySelector("form[data-gone]");
let timer = 0;
let asking = new AbortController();

if (gone) {
  gone.hidden = true;
  const label = document.getElementById("toasts").dataset.undo;
  toast(gone.dataset.gone, { action: label, onAction: () => gone.submit(), seconds: 20 });
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  form.elements.q.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  });
  // Whoever typed before this script was there has not been heard yet.
  if (form.elements.q.value.trim() !== form.elements.q.defaultValue.trim()) search();
  form.elements.q.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    rows()[0]?.focus();
  });
  found.addEventListener("keydown", onKey);
  found.addEventListener("click", (event) => {
    const more = event.target.closest("[data-next]");
    if (!more || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    grow(more);
  });
}

async function search() {
  clearTimeout(timer);
  asking.abort();
  asking = new AbortController();
  const text = form.elements.q.value.trim();
  const suffix = text ? `?${new URLSearchParams({ q: text })}` : "";
  try {
    found.innerHTML = await get(form.dataset.search + suffix, asking.signal);
    says.textContent = found.querySelector("[data-says]").textContent;
    history.replaceState(null, "", form.getAttribute("action") + suffix);
  } catch (error) {
    if (error.name !== "AbortError") form.submit(); // the server's own page says what is wrong
  }
}

async function grow(more) {
  if (more.getAttribute("aria-disabled") === "true") return;
  more.setAttribute("aria-disabled", "true");
  try {
    const part = document.createElement("div");
    part.innerHTML = await get(more.dataset.next);
    const first = part.querySelector("[data-row]");
    const people = found.querySelector("[data-people]");
    for (const group of part.querySelectorAll("[data-letter]")) add(people, group);
    const next = part.querySelector(".contacts-next");
    more.closest(".contacts-next").replaceWith(...(next ? [next] : []));
    first?.focus();
  } catch {
    location.href = more.href;
  }
}

function add(people, group) {
  const last = people.lastElementChild;
  if (last?.dataset.letter === group.dataset.letter) {
    last.querySelector("ul").append(...group.querySelector("ul").children);
  } else {
    people.append(group);
  }
}

async function get(url, signal) {
  const response = await fetch(url, { signal, headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected) throw new Error(response.statusText);
  return response.text();
}

function rows() {
  return [...found.querySelectorAll("[data-row]")];
}

function onKey(event) {
  const all = rows();
  const at = all.indexOf(event.target);
  if (at < 0) return;
  const goal = {
    ArrowDown: all[at + 1],
    ArrowUp: all[at - 1] ?? form.elements.q,
    Home: all[0],
    End: all[all.length - 1],
  }[event.key];
  if (!goal) return;
  event.preventDefault();
  goal.focus();
}
