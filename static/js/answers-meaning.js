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
