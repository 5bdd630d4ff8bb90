// What was written and is not yet acknowledged by the server, in the order in which it was written; the newest text
// under a key replaces the one before. It stands in localStorage, so that it outlives the page, the connection and the
// session, and each window has a place of its own: none overwrites what another has not sent. What a window that is gone
// has left behind is taken over by the next one.
//
// An entry: to (what it is written to: a question's number, a form's address), key (the same, but for a second text that
// was left behind), address (where it is saved), slot (the field that carries the revision), revision (that it was begun
// from), fields ([name, value]), at (when, ms), sent (what went out without being acknowledged), refused (what the server
// said, while its writer has not decided), and what the form adds for itself.

import { openTabs, tab } from "./tab.js";

export const same = (a, b) => JSON.stringify([a.fields, a.flagged]) === JSON.stringify([b.fields, b.flagged]);

export function openQueue(scope) {
  const prefix = `unsent:${scope}:`;
  const own = prefix + tab;
  let memory = null; // private windows may have no storage, or it may be full: then this page holds it

  function stored(name) {
    try { return JSON.parse(localStorage.getItem(name)) ?? []; } catch { return []; }
  }
  function store(name, entries) {
    if (entries.length) localStorage.setItem(name, JSON.stringify(entries));
    else localStorage.removeItem(name);
  }
  const read = () => memory ?? stored(own);
  function write(entries) {
    try {
      store(own, entries);
      memory = null;
    } catch { memory = entries; }
  }
  const others = (key) => read().filter((entry) => entry.key !== key);
  const find = (key) => read().find((entry) => entry.key === key);
  const change = (key, part) => write(read().map((entry) => (entry.key === key ? { ...entry, ...part } : entry)));

  // The places of windows that are gone.
  async function leftBehind() {
    const open = await openTabs().catch(() => null);
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(prefix) && name !== own && !open?.has(name.slice(prefix.length)));
    } catch { return []; }
  }

  // What other windows that are open hold, so that what this page shows is not the newest.
  async function elsewhere() {
    const open = await openTabs().catch(() => null);
    if (!open) return [];
    try {
      return Object.keys(localStorage)
        .filter((name) => name.startsWith(prefix) && name !== own && open.has(name.slice(prefix.length)))
        .flatMap(stored);
    } catch { return []; }
  }

  return {
    all: read,
    elsewhere,
    find,
    change,
    waiting: () => read().filter((entry) => !entry.refused),
    refused: () => read().filter((entry) => entry.refused),
    drop: (key) => write(others(key)),
    put(entry) {
      const before = find(entry.to);
      write([...others(entry.to), {
        ...entry,
        key: entry.to,
        at: Date.now(),
        revision: before?.revision ?? entry.revision,
        sent: before?.sent ?? [],
        // A conflict stands until its writer decides; what did not fit is sent again once it was changed.
        refused: before?.refused?.code === 409 ? before.refused : undefined,
      }]);
    },
    // Only what was acknowledged goes: a text changed meanwhile stays, now based on the new revision.
    done(entry, revision) {
      const now = find(entry.key);
      if (!now) return;
      if (same(now, entry)) write(others(entry.key));
      else change(entry.key, { revision, sent: [], flagged: now.flagged === entry.flagged ? undefined : now.flagged });
    },
    // Takes over what was left behind, the newest first. What would stand under a key that is taken gets one of its own.
    async adopt() {
      const names = await leftBehind();
      const found = names.flatMap(stored).sort((one, other) => other.at - one.at);
      for (const entry of found) {
        write([...read(), find(entry.to) ? { ...entry, key: `${entry.to} ${entry.at}` } : { ...entry, key: entry.to }]);
      }
      // First it stands here, then no longer there: whatever ends the page in between, it stands somewhere.
      try { for (const name of names) localStorage.removeItem(name); } catch { /* storage went away; this page holds it */ }
    },
  };
}
