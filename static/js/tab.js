// The name of this window, in `tab`: the same after a reload and on the next page, another one in a second window, also
// in one that was duplicated. A lock is held under the name as long as the page lives, so that others can tell what was
// left behind from what somebody is still writing.

const STORED = "tab";
const TRIES = 20; // an earlier page of this window may let go of the name a moment after this one has begun
const PAUSE = 50; // ms

const lockOf = (name) => `tab:${name}`;
const fresh = () => crypto.getRandomValues(new Uint32Array(2)).join("-");
let letGo = () => {};

export const tab = await claim();

// The names of windows that are open; null where the browser cannot tell (pages without TLS have no locks).
export async function openTabs() {
  if (!navigator.locks) return null;
  const { held } = await navigator.locks.query();
  return new Set(held.map(({ name }) => name).filter((name) => name.startsWith("tab:")).map((name) => name.slice("tab:".length)));
}

async function claim() {
  const before = remembered();
  for (let attempt = 0; before && attempt < TRIES; attempt += 1) {
    if (await hold(before)) return before;
    await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
  }
  const name = fresh();
  await hold(name);
  try { sessionStorage.setItem(STORED, name); } catch { /* it is the name of this page alone */ }
  return name;
}

function remembered() {
  try { return sessionStorage.getItem(STORED); } catch { return null; }
}

// Whether the name is this window's now.
function hold(name) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request(lockOf(name), { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock && new Promise((free) => { letGo = free; });
    }).catch(() => resolve(true));
  });
}

addEventListener("pagehide", () => letGo());
addEventListener("pageshow", (event) => { if (event.persisted) hold(tab); });
