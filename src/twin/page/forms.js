import { element } from "./dom.js";

/** Opens the editor for one record. @param after called when it was saved */
export function openEditor(dialog, { heading, fields, save }, after) {
  const inputs = fields.map((field) => [field, inputFor(field)]);
  const problem = element("p", { className: "problem", hidden: true });
  const form = element(
    "form",
    { method: "dialog" },
    element("h2", { textContent: heading }),
    ...inputs.map(([field, input]) => element("label", { title: field.hint ?? "" }, field.label, input)),
    problem,
    element("button", { type: "submit", textContent: "Save" }),
    " ",
    element("button", { type: "button", textContent: "Cancel", onclick: () => dialog.close() }),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await save(changedOf(inputs));
      dialog.close();
      await after();
    } catch (error) {
      Object.assign(problem, { hidden: false, textContent: error.message });
    }
  });
  dialog.replaceChildren(form);
  dialog.showModal();
}

function inputFor({ name, options, labels = {}, value = "" }) {
  if (!options) return element("input", { name, value });
  const words = [...new Set(["", ...options, value])]; // also one that is no option any more
  const choices = words.map((word) => element("option", { value: word, textContent: labels[word] ?? word }));
  const select = element("select", { name }, ...choices);
  select.value = value;
  return select;
}

/** Only what somebody changed: everything else may have changed meanwhile by itself. */
function changedOf(inputs) {
  const changed = inputs.filter(([{ value = "" }, input]) => input.value !== value);
  return Object.fromEntries(changed.map(([field, input]) => [field.name, typed(field, input.value.trim())]));
}

function typed({ type }, value) {
  if (type === "emails") return value === "" ? [] : [{ value, primary: true, label: "work" }];
  if (type === "list") return value.split(",").flatMap((one) => one.trim() || []);
  if (value === "") return null;
  return type === "number" ? Number(value) : value;
}
