import { ask, element } from "./dom.js";
import { openEditor } from "./forms.js";
import { pipedriveSide, programSide } from "./sides.js";

const POLL_MS = 700;
const MARKED_MS = 4_000;

const at = (id) => document.getElementById(id);
const [company, tenant, state, editor] = ["company", "tenant", "state", "editor"].map(at);
/** What each cell held, and when it last changed: `side/table/id/column`. */
const seen = new Map();
let drawn = "";

async function refresh() {
  try {
    await listWhatThereIs();
    const sides = await Promise.all([
      company.value ? pipedriveSide(company.value) : [],
      tenant.value ? programSide(tenant.value) : [],
    ]);
    draw(sides);
    state.textContent = "";
  } catch (error) {
    state.textContent = `The twin does not answer: ${error.message}`;
  }
}

async function listWhatThereIs() {
  const [{ companies }, { programs }] = await Promise.all([ask("/companies"), ask("/programs")]);
  const wanted = new URLSearchParams(location.hash.slice(1));
  const domains = companies.map(({ domain }) => domain);
  choices(company, domains, wanted.get("company"));
  const tenants = programs.map(({ tenant: name }) => name);
  // A document names both; here only their names tell that they belong together.
  const related = tenants.find((name) => company.value.startsWith(name) || name.startsWith(company.value));
  choices(tenant, [...tenants, ""], wanted.get("tenant") ?? related ?? (tenants.length === 1 ? tenants[0] : ""));
}

function choices(select, values, preferred) {
  const current = [...select.options].map(({ value }) => value);
  if (current.join() === values.join()) return;
  const kept = select.value || preferred || values[0];
  const options = values.map((value) => element("option", { value, textContent: value || "none: it only posts" }));
  select.replaceChildren(...options);
  select.value = kept ?? "";
}

function draw([pipedrive, program]) {
  mark("pipedrive", pipedrive);
  mark("program", program);
  const now = Date.now();
  const isFresh = (key) => now - (seen.get(key)?.at ?? 0) < MARKED_MS;
  const picture = JSON.stringify([pipedrive, program, [...seen.keys()].filter(isFresh)]);
  if (picture === drawn) return;
  drawn = picture;
  at("pipedrive").replaceChildren(...sideOf(`Pipedrive: ${company.value}`, "pipedrive", pipedrive, isFresh));
  at("program").replaceChildren(...sideOf(`Partner program: ${tenant.value}`, "program", program, isFresh));
}

/** Notes which cells differ from the last look; what is there at the first look is not news. */
function mark(side, tables) {
  for (const { key, rows } of tables) {
    const first = !seen.has(`${side}/${key}`);
    seen.set(`${side}/${key}`, { at: 0 });
    for (const { id, cells } of rows) {
      cells.forEach((value, column) => {
        const place = `${side}/${key}/${id}/${column}`;
        if (seen.get(place)?.value !== value) seen.set(place, { value, at: first ? 0 : Date.now() });
      });
    }
  }
}

function sideOf(title, side, tables, isFresh) {
  return [element("h2", { textContent: title }), ...tables.flatMap((table) => tableOf(side, table, isFresh))];
}

function tableOf(side, { key, title, columns, rows, add }, isFresh) {
  const open = (edit) => () => openEditor(editor, edit, refresh);
  const head = element("tr", {}, ...columns.map((name) => element("th", { textContent: name })), element("th"));
  const body = rows.map(({ id, cells, edit, deleted }) => {
    const shownCells = cells.map((value, column) => {
      const className = isFresh(`${side}/${key}/${id}/${column}`) ? "changed" : "";
      return element("td", { textContent: value, className, dataset: { column: columns[column] } });
    });
    const button = element("button", { textContent: "Edit", onclick: open(edit) });
    const properties = { className: deleted ? "deleted" : "", dataset: { kind: key, id } };
    return element("tr", properties, ...shownCells, element("td", {}, button));
  });
  const table = element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
  const made = [element("h3", { textContent: title }), element("div", { className: "table" }, table)];
  return add ? [...made, element("button", { textContent: add.heading, onclick: open(add) })] : made;
}

for (const select of [company, tenant]) {
  select.addEventListener("change", () => {
    location.hash = new URLSearchParams({ company: company.value, tenant: tenant.value }).toString();
    seen.clear();
    refresh();
  });
}

async function poll() {
  if (!document.hidden) await refresh();
  setTimeout(poll, POLL_MS);
}
poll();
