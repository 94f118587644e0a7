// Lists whose rows act without leaving the page. In the list (data-rows, with its address) each row
// has data-row; below it are data-main (what opens it), data-tick and data-remove, submit buttons of
// a form with data-row-acts. Up and Down move, x and the space bar tick, Delete deletes.

import { getJson, postJson, tell } from "./fetch.js";
import { enhanceMenus } from "./menu.js";
import { toast, toastWithUndo } from "./toast.js";

/** Enhance the page's list. `undo` is where the token of a deletion goes. */
export function enhanceRows(list) {
  let busy = false;

  async function send(address, form, focus) {
    if (busy) return;
    busy = true;
    try {
      const answer = await postJson(address, form);
      show(answer.html, focus);
      say(answer);
    } catch (error) {
      tell(error);
      if (error.status === 409 || error.status === 404) await reload(focus);
    } finally {
      busy = false;
    }
  }

  async function reload(focus) {
    const { html } = await getJson(location.pathname + location.search);
    show(html, focus);
  }

  function say({ said, undo }) {
    if (!undo) {
      toast(said);
      return;
    }
    toastWithUndo(said, async () => {
      const form = new URLSearchParams({ token: undo });
      const answer = await postJson(withQuery(list.dataset.undo), form);
      show(answer.html, at(0));
      toast(answer.said);
    });
  }

  function show(html, focus) {
    list.innerHTML = html;
    enhanceMenus(list);
    focus?.();
  }

  const rows = () => [...list.querySelectorAll("[data-row]")];
  const main = (row) => row?.querySelector("[data-main]");
  // The row at that place, or the last one; without any, where new ones are made.
  const at = (place) => () => {
    const found = rows();
    const next = main(found[Math.min(place, found.length - 1)]);
    (next ?? document.querySelector("[data-first]"))?.focus();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-row-acts]")) {
      event.preventDefault();
      const row = event.submitter.closest("[data-row]");
      const address = withQuery(event.submitter.formAction);
      send(address, new FormData(form, event.submitter), at(rows().indexOf(row)));
    } else if (form.matches("[data-quick]")) {
      event.preventDefault();
      const first = form.querySelector("[data-first]");
      send(withQuery(form.action), new FormData(form), () => {
        first.value = "";
        first.focus();
      });
    }
  });

  list.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-row]");
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!row || !plain || event.defaultPrevented || event.target.closest(".menu")) return;
    const found = rows();
    const place = found.indexOf(row);
    const onMain = event.target.matches("[data-main]");
    const act = {
      ArrowDown: () => main(found[Math.min(place + 1, found.length - 1)]).focus(),
      ArrowUp: () => main(found[Math.max(place - 1, 0)]).focus(),
      x: () => row.querySelector("[data-tick]").click(),
      " ": onMain && (() => row.querySelector("[data-tick]").click()),
      Delete: () => row.querySelector("[data-remove]").click(),
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

// The answer holds the list that the page shows, so it has to know which.
function withQuery(address) {
  return new URL(address, location.href).pathname + location.search;
}

const list = document.querySelector("[data-rows]");
if (list) enhanceRows(list);
