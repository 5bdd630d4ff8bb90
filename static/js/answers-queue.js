// The unsent answers of one attempt, in the order in which they were given; the newest answer to a question replaces the
// one before. They stand in localStorage, so that they outlive the page, the connection and the session.
//
// An entry: question (its number), revision (that the answer was given to), fields ([name, value]), flagged ("1", "0" or
// nothing), chosen (an answer was given, not only the flag), sent (what went out without being acknowledged), refused
// (what the server said, while the learner has not decided), words (stem and answer as the learner reads them).

export function openQueue(attempt) {
  const key = `answers:${attempt}`;
  let memory = null; // private windows may have no storage, or it may be full: then this page holds it

  function read() {
    if (memory) return memory;
    try { return JSON.parse(localStorage.getItem(key)) ?? []; } catch { return []; }
  }
  function write(entries) {
    try {
      if (entries.length) localStorage.setItem(key, JSON.stringify(entries));
      else localStorage.removeItem(key);
      memory = null;
    } catch { memory = entries; }
  }
  const others = (question) => read().filter((entry) => entry.question !== question);
  const find = (question) => read().find((entry) => entry.question === question);
  const change = (question, part) => write(read().map((entry) => (entry.question === question ? { ...entry, ...part } : entry)));

  return {
    all: read,
    find,
    change,
    waiting: () => read().filter((entry) => !entry.refused),
    refused: () => read().filter((entry) => entry.refused),
    drop: (question) => write(others(question)),
    put(entry) {
      const before = find(entry.question);
      write([...others(entry.question), {
        ...entry,
        revision: before?.revision ?? entry.revision,
        flagged: entry.flagged ?? before?.flagged,
        chosen: Boolean(entry.chosen || before?.chosen),
        sent: before?.sent ?? [],
        refused: before?.refused,
      }]);
    },
    // Only what was acknowledged goes: an answer changed meanwhile stays, now based on the new revision.
    done(entry, revision) {
      const now = find(entry.question);
      if (!now) return;
      if (same(now, entry)) write(others(entry.question));
      else change(entry.question, { revision, sent: [], flagged: now.flagged === entry.flagged ? undefined : now.flagged });
    },
  };
}

export const same = (a, b) => JSON.stringify([a.fields, a.flagged]) === JSON.stringify([b.fields, b.flagged]);

// Whether fields that were sent mean the answer that the server holds.
export function means(fields, answer, question) {
  const given = fields.filter(([name, value]) => value.trim() !== "" && !name.includes("-place-"))
    .map(([name, value]) => [name, value.replaceAll("\r\n", "\n").trim()]);
  const values = given.map(([, value]) => value);
  if (answer === null) return values.length === 0;
  if (typeof answer === "string") return values.length === 1 && values[0] === answer;
  if (Array.isArray(answer)) {
    const ordered = given.some(([name]) => name.endsWith("-order"));
    const list = (keys) => JSON.stringify(ordered ? keys : [...keys].sort());
    return list(values) === list(answer);
  }
  return given.length === Object.keys(answer).length
    && given.every(([name, value]) => answer[name.slice(`q${question}-answer-`.length)] === value);
}
