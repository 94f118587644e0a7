// Turns <details data-menu> into a button with a panel, usable by mouse and by keyboard:
// Down and Up open it and move, Home and End jump, Escape closes and returns to the button.

/** Enhance all menus below `root`. */
export function enhanceMenus(root) {
  root.querySelectorAll("details[data-menu]").forEach(enhance);
}

function enhance(details) {
  const summary = details.querySelector("summary");
  const panel = details.querySelector(".menu-panel");
  const menu = document.createElement("div");
  menu.className = details.className;
  menu.id = details.id;
  const button = document.createElement("button");
  button.type = "button";
  button.className = summary.className;
  for (const name of ["aria-label", "title"]) {
    if (summary.hasAttribute(name)) button.setAttribute(name, summary.getAttribute(name));
  }
  button.append(...summary.childNodes);
  panel.id = `${details.id}-panel`;
  button.setAttribute("aria-controls", panel.id);
  const wasOpen = details.open;
  menu.append(button, panel);
  details.replaceWith(menu);
  setOpen(button, panel, wasOpen);

  button.addEventListener("click", () => setOpen(button, panel, panel.hidden));
  menu.addEventListener("keydown", (event) => onKey(event, button, panel));
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) setOpen(button, panel, false);
  });
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target)) setOpen(button, panel, false);
  });
}

function setOpen(button, panel, open) {
  panel.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
}

function onKey(event, button, panel) {
  const items = [...panel.querySelectorAll("a[href], button:not(:disabled)")];
  const at = items.indexOf(document.activeElement);
  const goal = {
    ArrowDown: () => items[(at + 1) % items.length],
    ArrowUp: () => items[at <= 0 ? items.length - 1 : at - 1],
    Home: () => items[0],
    End: () => items[items.length - 1],
    Escape: () => button,
  }[event.key];
  if (!goal || (event.key === "Escape" && panel.hidden)) return;
  if (at < 0 && (event.key === "Home" || event.key === "End")) return;
  event.preventDefault();
  setOpen(button, panel, event.key !== "Escape");
  goal()?.focus();
}
