// The time of an attempt. The server owns the clock: it says how many seconds are left, at load and with every save, and
// the page counts from there with a clock that nobody can set. After sleep the server is asked again. Announced, politely,
// are 10, 5 and 1 minute, an extension, and what somebody asks for; never each second.

const MINUTES = [10, 5, 1];
const DRIFT = 3000; // ms between two clocks after which the machine must have slept
const PATIENCE = 5000; // ms that answers on their way are waited for when the time is over
const RETRY = 5000;

const clock = document.querySelector("[data-clock]");
if (clock) run(clock);

function run(clock) {
  const said = document.querySelector("[data-said]");
  const over = document.querySelector("[data-time-over]");
  const memory = `deadline:${clock.dataset.attempt}`;
  let end, before, wall, monotonic, deadline;
  let asking = false;
  let ended = false;

  const left = () => Math.max(0, Math.ceil((end - performance.now()) / 1000));

  function set(seconds, until) {
    end = performance.now() + seconds * 1000;
    before = seconds;
    [wall, monotonic] = [Date.now(), performance.now()];
    const known = deadline ?? sessionStorage.getItem(memory);
    deadline = until;
    sessionStorage.setItem(memory, until);
    const more = known ? Math.round((Date.parse(until) - Date.parse(known)) / 60000) : 0;
    if (more > 0) say(more === 1 ? clock.dataset.moreOne : clock.dataset.more.replace("%(minutes)s", more));
    show();
  }

  function show() {
    const text = words(left());
    if (clock.textContent !== text) clock.textContent = text;
  }

  function words(seconds) {
    if (seconds < 60) return clock.dataset.seconds.replace("%(seconds)s", seconds);
    const minutes = Math.ceil(seconds / 60);
    if (minutes < 60) return clock.dataset.minutes.replace("%(minutes)s", minutes);
    return clock.dataset.hours.replace("%(hours)s", Math.floor(minutes / 60)).replace("%(minutes)s", minutes % 60);
  }

  // Emptied first: the same words twice are said twice.
  function say(text) {
    said.textContent = "";
    requestAnimationFrame(() => { said.textContent = text; });
  }

  function tick() {
    if (ended) return;
    const slept = Math.abs(Date.now() - wall - (performance.now() - monotonic)) > DRIFT;
    [wall, monotonic] = [Date.now(), performance.now()];
    if (slept) ask();
    show();
    const now = left();
    const passed = MINUTES.filter((minutes) => before > minutes * 60 && now <= minutes * 60);
    before = now;
    if (passed.length && now > 0) say(clock.getAttribute(`data-say-${passed.at(-1)}`));
    if (now === 0) finish();
  }

  // What the server says; whether it could be asked.
  async function ask() {
    if (asking) return false;
    asking = true;
    try {
      const response = await fetch(clock.dataset.ask, {
        headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(8000),
      });
      if (!response.ok) return false;
      const told = await response.json();
      if (!told.open) location.assign(clock.dataset.result);
      else set(told.left, told.deadline);
      return true;
    } catch {
      return false;
    } finally {
      asking = false;
    }
  }

  // Over, unless there was an extension: what is on its way arrives, the attempt is closed, the result opens.
  async function finish() {
    ended = true;
    const reached = await ask();
    if (reached && left() > 0) {
      ended = false;
      return;
    }
    const told = over.querySelector("[data-over-said]");
    over.hidden = false;
    told.textContent = told.dataset.over;
    if (!reached) {
      setTimeout(finish, RETRY);
      return;
    }
    const sent = new Promise((resolve) => { document.addEventListener("answers-sent", resolve, { once: true }); });
    document.dispatchEvent(new CustomEvent("time-over"));
    await Promise.race([sent, new Promise((resolve) => { setTimeout(resolve, PATIENCE); })]);
    over.requestSubmit();
  }

  document.querySelector("[data-say-time]").addEventListener("click", () => say(words(left())));
  document.addEventListener("answer-saved", ({ detail }) => {
    if (!ended && typeof detail.left === "number") set(detail.left, detail.deadline);
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !ended) ask(); });
  addEventListener("pageshow", (event) => { if (event.persisted) ask(); });

  set(Number(clock.dataset.left), clock.dataset.deadline);
  setInterval(tick, 1000);
}
