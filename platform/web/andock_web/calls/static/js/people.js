// Suggests own contacts while a name is typed; a chosen one brings its number along.

import { getJson } from "/static/js/fetch.js";

const PAUSE = 150; // milliseconds
const SHORTEST = 2;

const input = document.querySelector("[data-people]");
const { number, contact } = input.form.elements;
const list = input.list;
const found = new Map();
let timer;
let request;
let brought = "";

input.addEventListener("input", () => {
  if (take()) return;
  contact.value = "";
  clearTimeout(timer);
  timer = setTimeout(suggest, PAUSE);
});
// Whoever typed before this script was there has not been heard yet.
if (input.value !== input.defaultValue) suggest();

// Whether what stands there is one of the suggestions; then its number comes along.
function take() {
  const person = found.get(input.value);
  if (!person) return false;
  contact.value = person.id;
  if (!number.value || number.value === brought) number.value = person.number;
  brought = person.number;
  return true;
}

async function suggest() {
  request?.abort();
  request = new AbortController();
  const typed = input.value.trim();
  if (typed.length < SHORTEST) {
    list.replaceChildren();
    return;
  }
  try {
    const query = new URLSearchParams({ q: typed });
    const { people } = await getJson(`${input.dataset.people}?${query}`, { signal: request.signal });
    found.clear();
    people.forEach((each) => found.set(each.name, each));
    list.replaceChildren(...people.map((each) => new Option(each.number, each.name)));
    take();
  } catch (error) {
    console.warn(error); // one can call without suggestions
  }
}
