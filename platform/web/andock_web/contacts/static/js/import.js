// A file that is too large is told before it travels.

const form = document.querySelector("form[data-largest]");
const file = form.elements.file;
const error = document.getElementById("file-error");

file.addEventListener("change", check);
form.addEventListener("submit", (event) => {
  if (!check()) event.preventDefault();
});

function check() {
  const large = file.files.length > 0 && file.files[0].size > Number(form.dataset.largest);
  error.hidden = !large;
  if (large) file.setAttribute("aria-invalid", "true");
  else file.removeAttribute("aria-invalid");
  return !large;
}
