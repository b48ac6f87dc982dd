/** Makes an element. Text is set as text, so whatever records hold is never read as HTML. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  const { dataset = {}, ...rest } = properties;
  Object.assign(made, rest);
  Object.assign(made.dataset, dataset);
  made.append(...children);
  return made;
}

/** Asks the control API. @throws Error with what it says is wrong */
export async function ask(path, body) {
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`/_twin${path}`, body === undefined ? {} : post);
  const told = await answer.json();
  if (!answer.ok) throw new Error([told.error, told.message].filter(Boolean).map(String).join(": "));
  return told;
}

/** A value as a cell shows it. */
export function shown(value) {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(shown).filter(Boolean).join(", ");
  if (typeof value !== "object") return String(value);
  if ("currency" in value) return value.value === null ? "" : `${value.value} ${value.currency}`;
  return "value" in value ? shown(value.value) : JSON.stringify(value);
}
