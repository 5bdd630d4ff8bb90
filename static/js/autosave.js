// Saves what is written while it is written: in order, one at a time, to the end. What the server has not acknowledged
// stands in a queue (unsent.js) and is sent again when the connection is back, when the server said, and on the next page
// with the same scope. One engine for all that is written: answers of an attempt (autosave-answers.js), texts with a form
// of their own (autosave-text.js). They know their form; this knows about sending.
//
// What the server says, as JSON: 200 {revision, message} when saved · 409 {reason, closed, server: {revision, message,
// …}} when something else was stored meanwhile · 400 {reason} when it does not fit. 5xx and 429, with Retry-After or
// without, mean later; a redirect, 401 or 403 that the session has ended. Once its writer is signed in again, in whatever
// window, the page asks for itself anew, takes over the token and goes on.

import { openQueue, same } from "./unsent.js";

const TYPING = 800; // ms after the last key; a choice is sent at once
const WAITING = 1500; // ms after the first key that was not sent, for who types without a pause
const RETRY = 5; // s
const LONGEST = 300; // s, however long the server says
const LIMIT = 20000; // ms until a request counts as failed
const OUTLIVES = 60000; // bytes of requests that may outlive their page; browsers allow 64 KiB

// scope: whose and of what, the name of the queue · token(): the CSRF token of the page · complete(body, entry): adds what
// only this kind of form sends · ownForm(page): the form in another copy of the page, null where it is not there · means(entry, fields, server): whether fields that were sent are what the server has ·
// tell: {sending, saved, refused, conflict, signedOut, later}, called with the entry and what the server said. Resolves to
// the saver once what was left behind by windows that are gone stands in its queue; sending it is up to the form.
export async function autosave({ scope, token, complete = () => {}, ownForm, means, tell }) {
  const queue = openQueue(scope);
  await queue.adopt();
  let sending = null;
  let onItsWay = null;
  let retry = 0;
  let timer = 0;
  let since = 0;
  let notBefore = 0;
  let failures = 0;
  let leaving = false;
  let away = false; // signed out, as far as the last answer said

  // Sends soon: what is typed is sent when the keys pause, and at the latest after a while.
  function soon() {
    since ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(flush, Math.min(TYPING, Math.max(0, since + WAITING - Date.now())));
  }

  // Sends what waits. What was asked for by hand (`now`) does not wait for the time that the server has named.
  function flush({ now = false } = {}) {
    clearTimeout(timer);
    since = 0;
    if (now) notBefore = 0;
    if (Date.now() < notBefore) return Promise.resolve();
    sending ??= pump().finally(() => { sending = null; });
    return sending;
  }

  // Like flush, until nothing waits that was put meanwhile, or sending fails.
  async function everything() {
    await flush({ now: true });
    if (queue.waiting().length) await flush({ now: true });
  }

  async function pump() {
    clearTimeout(retry);
    for (let entry = queue.waiting()[0]; entry; entry = queue.waiting()[0]) {
      if (!(await send(entry))) return;
    }
  }

  function bodyOf(entry, revision) {
    const body = new URLSearchParams(entry.fields);
    body.set("csrfmiddlewaretoken", token());
    complete(body, entry);
    body.set(entry.slot, revision);
    return body;
  }

  function post(entry, body, options) {
    queue.change(entry.key, { sent: [...entry.sent, entry.fields].slice(-5) });
    return fetch(entry.address, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json" }, ...options });
  }

  // Whether the writer of this page is signed in again, and nobody else: then its forms get the token of today.
  async function isBack() {
    try {
      const response = await fetch(location.href, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(LIMIT) });
      const form = ownForm(new DOMParser().parseFromString(await response.text(), "text/html"));
      if (!form) return false;
      for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) {
        field.value = form.elements.csrfmiddlewaretoken.value;
      }
      return true;
    } catch { return false; }
  }

  // Sends one entry; whether the next one may follow.
  async function send(entry, { again = false } = {}) {
    const body = bodyOf(entry, entry.revision);
    onItsWay = entry;
    tell.sending?.(entry);
    let response, told;
    try {
      response = await post(entry, body, {
        // The request outlives the page: leaving it does not lose the text. A very long one waits in the queue instead.
        keepalive: body.toString().length < OUTLIVES,
        signal: AbortSignal.timeout(LIMIT),
      });
      told = response.type === "opaqueredirect" ? {} : await response.json().catch(() => ({}));
    } catch {
      return later(RETRY, true);
    } finally {
      onItsWay = null;
    }
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
      // The form is older than the sign-in, or the session has ended: then the queue is kept until somebody is back.
      if (!again && await isBack()) return send(queue.find(entry.key), { again: true });
      away = true;
      tell.signedOut(entry);
      return false;
    }
    away = false;
    if (response.status >= 500 || response.status === 429) {
      const named = secondsOf(response.headers.get("Retry-After"));
      if (named) notBefore = Date.now() + named * 1000;
      return later(named || RETRY, false);
    }
    failures = 0;
    if (response.ok) {
      queue.done(entry, told.revision);
      tell.saved(entry, told);
    } else refused(entry, told, response.status);
    return response.ok || !told.closed;
  }

  function refused(entry, told, code) {
    const { server } = told;
    if (code === 409 && server && told.closed !== true && !told.checked && queue.find(entry.key)?.sent.some((fields) => means(entry, fields, server))) {
      // "Another window" was this one: the acknowledgement of an earlier text was lost on the way.
      queue.change(entry.key, { revision: server.revision, sent: [] });
      return;
    }
    queue.change(entry.key, { refused: { ...told, code } });
    if (code === 409) tell.conflict(entry);
    else tell.refused(entry, told);
  }

  // The writer has decided: what stands in the queue is meant to replace what the server has.
  function insist(key) {
    const { server } = queue.find(key).refused;
    queue.change(key, { revision: server.revision, refused: undefined, sent: [] });
    flush({ now: true });
  }

  function later(seconds, offline) {
    failures += 1;
    tell.later({ seconds, offline, failures });
    retry = setTimeout(flush, seconds * 1000);
    return false;
  }

  addEventListener("online", () => flush({ now: true }));
  document.addEventListener("visibilitychange", () => { if (document.hidden || away) flush(); });
  addEventListener("focus", () => { if (away) flush({ now: true }); });
  addEventListener("pageshow", (event) => { if (event.persisted) flush(); });

  // The page goes: everything that waits is sent at once, in order, by requests that outlive it.
  addEventListener("pagehide", () => {
    let room = OUTLIVES;
    for (const entry of leaving ? [] : queue.waiting()) {
      if (onItsWay && onItsWay.key === entry.key && same(onItsWay, entry)) continue;
      const ahead = onItsWay?.key === entry.key ? 1 : 0;
      const body = bodyOf(entry, Number(entry.revision) + ahead);
      room -= body.toString().length;
      if (room < 0) return;
      post(entry, body, { keepalive: true }).catch(() => {});
    }
  });

  return { queue, soon, flush, everything, insist, leave: () => { leaving = true; } };
}

// Retry-After in seconds, from seconds or a date; 0 when it says nothing.
function secondsOf(header) {
  if (!header) return 0;
  const seconds = Number.isNaN(Number(header)) ? (Date.parse(header) - Date.now()) / 1000 : Number(header);
  return seconds > 0 ? Math.min(Math.ceil(seconds), LONGEST) : 0;
}
