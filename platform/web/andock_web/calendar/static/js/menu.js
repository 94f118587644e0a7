// The menu of an own entry: right click, long press, menu key, Shift+F10.

import { icon, make, words } from "./page.js";

const LONG_PRESS = 550; // milliseconds
const menu = document.getElementById("cal-menu");
let origin;

/** Open menus on the grid. `find` gives the span of a key, `acts` what can be done. */
export function watchMenus(host, find, acts) {
  const at = (target) => {
    const box = target.closest?.(".ec-event");
    const span = find(box?.querySelector("[data-key]")?.dataset.key);
    return span?.entry ? { box, span } : {};
  };
  host.addEventListener("contextmenu", (event) => {
    const { box, span } = at(event.target);
    if (!span) return;
    event.preventDefault();
    open(box, span, acts, event.clientX, event.clientY);
  });
  host.addEventListener("keydown", (event) => {
    if (event.key !== "ContextMenu" && !(event.key === "F10" && event.shiftKey)) return;
    const { box, span } = at(event.target);
    if (!span) return;
    event.preventDefault();
    openAt(box, span, acts);
  });
  watchLongPress(host, at, (box, span, x, y) => open(box, span, acts, x, y));
}

// Not on what can be dragged: there a long press begins the drag, and a tap shows all acts.
function watchLongPress(host, at, act) {
  let timer;
  const end = () => clearTimeout(timer);
  host.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse") return;
    const { box, span } = at(event.target);
    if (!span || span.editable) return;
    timer = setTimeout(() => {
      act(box, span, event.clientX, event.clientY);
      box.addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => box.removeEventListener("click", swallow, { capture: true }), 1000);
    }, LONG_PRESS);
  });
  for (const name of ["pointerup", "pointercancel", "pointermove"]) host.addEventListener(name, end);
}

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function openAt(box, span, acts) {
  const { left, top, height, width } = box.getBoundingClientRect();
  open(box, span, acts, left + Math.min(width / 2, 40), top + Math.min(height / 2, 24));
}

/** What can be done with a span, in the menu's order. */
export function choices(span) {
  const found = [];
  if (span.kind === "block" || span.shown) found.push(["convert", "eye", words.convert]);
  if (span.editable) found.push(["edit", "pencil", words.edit]);
  if (span.canHide) found.push(["hide", "eye-off", words.hide]);
  found.push(["details", "info", words.details]);
  if (span.link) found.push(["openLink", "external-link", words.openLink]);
  found.push(["copyTime", "copy", words.copyTime]);
  if (span.editable) found.push(["remove", "trash-2", words.remove]);
  return found;
}

function open(box, span, acts, x, y) {
  close(false);
  origin = box;
  box.classList.add("cal-chosen");
  menu.replaceChildren(...choices(span).map(([act, name, label]) => {
    const item = make("button", "menu-item", icon(name), make("span", "", label));
    item.type = "button";
    item.setAttribute("role", "menuitem");
    item.tabIndex = -1;
    item.addEventListener("click", () => {
      close(true);
      acts[act](span);
    });
    return item;
  }));
  menu.hidden = false;
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(x, window.innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(y, window.innerHeight - height - 8))}px`;
  menu.firstElementChild.focus();
}

function close(back) {
  if (menu.hidden) return;
  menu.hidden = true;
  origin?.classList.remove("cal-chosen");
  if (back) origin?.querySelector(".cal-face").focus();
}

menu.addEventListener("keydown", (event) => {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const goal = {
    ArrowDown: () => items[(at + 1) % items.length],
    ArrowUp: () => items[(at + items.length - 1) % items.length],
    Home: () => items[0],
    End: () => items.at(-1),
  }[event.key];
  if (goal) {
    event.preventDefault();
    goal().focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    close(true);
  }
});
document.addEventListener("pointerdown", (event) => {
  if (!menu.contains(event.target)) close(false);
});
window.addEventListener("blur", () => close(false));
document.addEventListener("scroll", () => close(false), { capture: true, passive: true });
