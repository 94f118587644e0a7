// The eye in a password field: shows what was typed while it is pressed in.

/** Enhance all password fields below `root`. */
export function enhanceReveals(root) {
  root.querySelectorAll("button[data-reveal]").forEach((button) => {
    const input = document.getElementById(button.dataset.reveal);
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
      input.focus();
    });
    // Password managers look for the type when the form goes out.
    input.form?.addEventListener("submit", () => { input.type = "password"; });
  });
}
