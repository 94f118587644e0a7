// A button that copies the field it names, shown only where the browser lets it.

document.querySelectorAll("[data-copies]").forEach((button) => {
  if (!navigator.clipboard) {
    return;
  }
  button.hidden = false;
  const field = document.getElementById(button.dataset.copies);
  button.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.querySelector("span").textContent = button.dataset.copied;
  });
});
