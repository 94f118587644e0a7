// The search as one types. Without this the form's button does it.

const PAUSE = 180; // milliseconds after the last key

const form = document.querySelector("form[data-search]");
const found = document.getElementById("browse-found");
const says = document.getElementById("browse-says");
let timer = 0;
let asking = new AbortController();

form.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
form.elements.q.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, PAUSE);
});

// Whoever typed before this script was there has not been heard yet.
if (form.elements.q.value.trim() !== form.elements.q.defaultValue.trim()) search();

async function search() {
  clearTimeout(timer);
  asking.abort();
  asking = new AbortController();
  const query = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...query]) if (!value.trim()) query.delete(name);
  const suffix = query.size ? `?${query}` : "";
  try {
    const response = await fetch(form.dataset.search + suffix, {
      signal: asking.signal,
      headers: { Accept: "text/html" },
    });
    if (!response.ok || response.redirected) throw new Error(response.statusText);
    found.innerHTML = await response.text();
    says.textContent = found.querySelector("[data-says]").textContent;
    history.replaceState(null, "", form.getAttribute("action") + suffix);
  } catch (error) {
    if (error.name === "AbortError") return;
    form.submit(); // as without this script: the server's own page says what is wrong
  }
}
