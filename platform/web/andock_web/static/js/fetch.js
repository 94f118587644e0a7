// Requests to our own server: CSRF token, JSON both ways, errors with words for people.

import { toast } from "./toast.js";

/** What went wrong: `key`, `title` and `advice` in the page's language, and the HTTP `status`. */
export class RequestError extends Error {
  constructor(status, { error, title, advice, ...rest }) {
    super(title);
    this.name = "RequestError";
    this.status = status;
    this.key = error;
    this.title = title;
    this.advice = advice;
    this.data = rest;
  }
}

const words = () => document.getElementById("words").dataset;
const token = () => document.querySelector('meta[name="csrf-token"]').content;

/** GET a JSON answer. Throws RequestError; an AbortSignal's error passes through. */
export function getJson(url, options = {}) {
  return send(url, { ...options, method: "GET" });
}

/** POST (or another `method`) a JSON value, or a FormData as a form. Throws RequestError. */
export function postJson(url, value = {}, options = {}) {
  const form = value instanceof FormData || value instanceof URLSearchParams;
  return send(url, {
    method: "POST",
    ...options,
    headers: form ? {} : { "Content-Type": "application/json" },
    body: form ? value : JSON.stringify(value),
  });
}

/** Tell the person about an error as a toast; being signed out comes with a link to sign in. */
export function tell(error) {
  if (error.name === "AbortError") return;
  if (!(error instanceof RequestError)) {
    toast(words().unexpected, { detail: words().unexpectedAdvice, kind: "stop" });
    throw error;
  }
  if (error.status === 401) {
    const here = location.pathname + location.search;
    toast(words().signedOut, {
      kind: "stop",
      action: words().signIn,
      href: `${words().signInUrl}?next=${encodeURIComponent(here)}`,
    });
  } else {
    toast(error.title, { detail: error.advice, kind: "stop" });
  }
}

async function send(url, options) {
  const headers = { Accept: "application/json", "X-CSRFToken": token(), ...options.headers };
  let response;
  try {
    response = await fetch(url, { ...options, headers, credentials: "same-origin" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new RequestError(0, {
      error: "offline", title: words().offline, advice: words().offlineAdvice,
    });
  }
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  const data = isJson && response.status !== 204 ? await response.json() : {};
  if (response.ok) return data;
  throw new RequestError(response.status, {
    error: "unexpected", title: words().unexpected, advice: words().unexpectedAdvice, ...data,
  });
}
