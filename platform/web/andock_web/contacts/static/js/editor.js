// The form: rows come and go without asking the server, and a photo that is too large is told at
// once. Without this script the form's own buttons do it.

const LARGEST = 8 * 1024 * 1024; // bytes

const form = document.querySelector("form[data-contact-form]");
const phones = form.querySelector("[data-phones]");
const blank = document.getElementById("phone-row");
const addEmail = form.querySelector("[data-add-email]");
const photo = form.elements.photo;

for (const row of phones.children) enhance(row);
form.querySelector("[data-add-phone]").addEventListener("click", (event) => {
  event.preventDefault();
  const row = blank.content.firstElementChild.cloneNode(true);
  const used = new Set([...phones.querySelectorAll("select")].map((each) => each.value));
  const kind = row.querySelector("select");
  const free = [...kind.options].find((option) => !used.has(option.value));
  if (free) kind.value = free.value;
  phones.append(row);
  enhance(row);
  row.querySelector("input").focus();
});

const spares = [...form.querySelectorAll("[data-spare]")];
for (const each of spares) each.hidden = true;
addEmail.hidden = spares.length === 0;
addEmail.addEventListener("click", () => {
  const next = spares.shift();
  next.hidden = false;
  next.querySelector("input").focus();
  addEmail.hidden = spares.length === 0;
});

photo.addEventListener("change", () => {
  const large = photo.files.length > 0 && photo.files[0].size > LARGEST;
  const error = document.getElementById("photo-error");
  error.hidden = !large;
  error.querySelector("span").textContent = large ? form.dataset.photoLarge : "";
  if (large) photo.setAttribute("aria-invalid", "true");
  else photo.removeAttribute("aria-invalid");
  if (large) photo.value = "";
});

// What is wrong is found at once, also by keyboard.
const wrong = form.querySelector('[aria-invalid="true"]');
if (wrong) {
  wrong.closest("details")?.setAttribute("open", "");
  wrong.focus();
}

function enhance(row) {
  const remove = row.querySelector("[data-remove]");
  remove.hidden = false;
  remove.addEventListener("click", () => {
    const beside = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    (beside?.querySelector("input") ?? form.querySelector("[data-add-phone]")).focus();
  });
}
