// A part of a page that changes while work is under way: [data-region] holds one element, and while
// that has data-watch="url", the url is asked again (each data-every seconds) and answers with its
// successor.

import { poll } from "../static/js/poll.js";
import { enhanceReveals } from "../static/js/reveal.js";

const SECONDS = 0.7;
const watched = new WeakMap();

/** Keep a region up to date; `onChange(region)` is told of every new part. */
export function watch(region, onChange = () => {}) {
  const part = region.firstElementChild;
  watched.get(region)?.stop();
  if (!part?.dataset.watch) return;
  let last = "";
  const polling = poll(async () => {
    const html = await ask(part.dataset.watch);
    if (html === last) return true;
    last = html;
    replace(region, html);
    onChange(region);
    return Boolean(region.firstElementChild?.dataset.watch);
  }, Number(part.dataset.every) || SECONDS);
  watched.set(region, polling);
}

/** Put a new part into a region: what had the focus keeps it, bars go on from where they were. */
export function replace(region, html) {
  const focused = region.contains(document.activeElement) ? document.activeElement.id : "";
  const bar = region.querySelector("progress[value]")?.value;
  region.innerHTML = html;
  enhanceReveals(region);
  const next = region.querySelector("progress[value]");
  if (next && bar !== undefined) {
    const goal = next.value;
    next.value = bar;
    requestAnimationFrame(() => { next.value = goal; });
  }
  if (focused) document.getElementById(focused)?.focus();
  say(region);
}

/** Tell screen readers what the part has to say. */
function say(region) {
  const sentence = region.firstElementChild?.dataset.says;
  const speaker = document.getElementById("wizard-says");
  if (sentence && speaker && speaker.textContent !== sentence) speaker.textContent = sentence;
}

async function ask(url) {
  const response = await fetch(url, { headers: { Accept: "text/html" } });
  if (response.redirected) {
    location.reload(); // signed out, or the work has moved on: the page itself knows where to
    return new Promise(() => {});
  }
  if (!response.ok) throw Object.assign(new Error(response.statusText), { status: response.status });
  return response.text();
}
