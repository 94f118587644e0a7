// The steps of connecting, and a connection's page: parts that follow the work, the search beside
// the server field, a run at a click. Without this, the forms and a reload do the same.

import { postJson, tell } from "../static/js/fetch.js";
import { replace, watch } from "./region.js";

follow(document);

function follow(within) {
  within.querySelectorAll("[data-region]").forEach((region) => {
    watch(region, region.id === "search" ? onSearch : onChange);
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (form.dataset.access !== undefined && button?.value === "search") {
    event.preventDefault();
    search(form, button);
  } else if (form.dataset.access !== undefined && button?.dataset.use) {
    event.preventDefault();
    takeServer(form, button.dataset.use);
    document.getElementById("search").replaceChildren();
  } else if (form.dataset.sync !== undefined) {
    event.preventDefault();
    sync(form, button);
  } else if (form.method === "post") {
    once(event, form);
  }
});

// The second click of a double click goes nowhere.
function once(event, form) {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, 4000);
}

async function search(form, button) {
  const region = document.getElementById("search");
  const answers = new FormData(form, button);
  form.querySelectorAll("input[type=password]").forEach((field) => answers.delete(field.name));
  button.disabled = true;
  try {
    const { watch: url } = await postJson(form.action, answers);
    replace(region, "<div></div>");
    region.firstElementChild.dataset.watch = url;
    watch(region, onSearch);
  } catch (error) {
    tell(error);
  } finally {
    button.disabled = false;
  }
}

function onSearch(region) {
  const server = region.firstElementChild?.dataset.found;
  if (server) takeServer(region.closest("form"), server);
}

function takeServer(form, server) {
  const field = form.querySelector("[data-server]");
  field.value = server;
  const password = form.querySelector("input[type=password]");
  (password && !password.value ? password : field).focus();
}

async function sync(form, button) {
  button.disabled = true;
  const region = form.closest("[data-region]");
  try {
    const { watch: url } = await postJson(form.action, new FormData(form));
    region.firstElementChild.dataset.watch = url;
    watch(region, onChange);
  } catch (error) {
    button.disabled = false;
    tell(error);
  }
}

// Another site's sign-in comes next: the member has just asked for it.
function onwards(region) {
  const link = region.querySelector("[data-go]");
  if (link) location.assign(link.href);
}

// Where the cursor helps most, unless it is somewhere on purpose.
function onChange(region) {
  onwards(region);
  follow(region);
  const nobody = document.activeElement === document.body || document.activeElement?.id === "main";
  const goal = region.querySelector("[data-focus]");
  if (goal && nobody) goal.focus();
}
