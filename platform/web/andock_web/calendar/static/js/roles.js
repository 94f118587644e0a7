// The grid calls itself a table, but its entries lie beside the cells, not in them. Its headings and
// entries read well by themselves, so the roles that promise a table are taken away.

const ROLES = ["table", "rowgroup", "row", "columnheader", "cell", "list", "listitem"];
const SELECTOR = ROLES.map((role) => `[role=${role}]`).join(",");

/** Take the roles away, now and whenever the grid draws itself anew. */
export function plainRoles(host) {
  const clear = () => {
    host.querySelectorAll(SELECTOR).forEach((element) => {
      for (const name of ["role", "aria-colindex", "aria-colspan"]) element.removeAttribute(name);
    });
    host.querySelectorAll(".ec-main:not([tabindex])").forEach((main) => {
      main.tabIndex = 0; // it scrolls, so the keyboard must reach it, also when it holds nothing
      main.setAttribute("role", "group");
      main.setAttribute("aria-labelledby", "cal-title");
    });
    host.querySelectorAll("h4:not([aria-level])").forEach((heading) => {
      heading.setAttribute("aria-level", "2"); // the page's own heading is the only one above
    });
  };
  clear();
  new MutationObserver(clear).observe(host, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["role"],
  });
}
