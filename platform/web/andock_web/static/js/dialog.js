// Dialogs: the native <dialog>, opened by data-opens="id" and closed by data-closes.

/** Enhance all openers and dialogs below `root`. */
export function enhanceDialogs(root) {
  root.querySelectorAll("[data-opens]").forEach((opener) => {
    opener.addEventListener("click", () => openDialog(document.getElementById(opener.dataset.opens)));
  });
  root.querySelectorAll("dialog").forEach((dialog) => {
    dialog.querySelectorAll("[data-closes]").forEach((closer) => {
      closer.addEventListener("click", () => dialog.close());
    });
    closeOutside(dialog);
  });
}

/** Show a dialog; the browser keeps the focus inside and gives it back afterwards. */
export function openDialog(dialog) {
  if (!dialog.open) dialog.showModal();
}

// A click on the backdrop closes, a text selection that ends there does not.
function closeOutside(dialog) {
  let pressedOutside = false;
  dialog.addEventListener("pointerdown", (event) => {
    pressedOutside = event.target === dialog && isOutside(dialog, event);
  });
  dialog.addEventListener("click", (event) => {
    if (pressedOutside && event.target === dialog && isOutside(dialog, event)) dialog.close();
  });
}

function isOutside(dialog, { clientX: x, clientY: y }) {
  const box = dialog.getBoundingClientRect();
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}
