// The sync cards: a run now, progress while it runs, and the calendar fetched anew when it ended.

import { data, url } from "./page.js";
import { getJson, poll, postJson, tell } from "./shell.js";

const host = document.getElementById("sync-cards");
const said = document.getElementById("sync-said");
let stamps = JSON.stringify(data.stamps); // as the page was made: a run may end before it asks

/** Watch the connections; `refresh` is called when a run brought something in. */
export function watchSync(refresh) {
  const ask = async () => show(await getJson(data.urls.sync), refresh);
  const watch = poll(ask, 15);
  host.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-sync]");
    if (!button || button.getAttribute("aria-disabled")) return;
    button.classList.add("sync-running");
    try {
      show(await postJson(url("syncNow", button.dataset.sync)), refresh);
    } catch (error) {
      button.classList.remove("sync-running");
      tell(error);
    }
    watch.now();
  });
  watch.now();
}

function show(answer, refresh) {
  if (host.dataset.html !== answer.html) {
    const focused = document.activeElement?.dataset?.sync;
    host.innerHTML = answer.html;
    host.dataset.html = answer.html;
    if (focused) host.querySelector(`[data-sync="${CSS.escape(focused)}"]`)?.focus();
  }
  if (said.textContent !== answer.said) said.textContent = answer.said;
  const seen = JSON.stringify(answer.stamps);
  if (stamps !== seen) refresh();
  stamps = seen;
  return answer.running ? 1 : 15;
}
