/* The scope calculator. What was chosen lives in the address; what follows from it the server says. */

const SEPARATORS = { space: " ", comma: ",", semicolon: ";", pipe: "|", newline: "\n" };

const at = (id) => document.getElementById(id);
const made = (tag, text = "") => Object.assign(document.createElement(tag), { textContent: text });

const { actions } = await (await fetch("/connect/scopes/actions.json")).json();
const boxes = new Map(actions.map((action) => [action.id, boxOf(action)]));
let asked = 0;
let advice = { scopes: [], enableNothing: [], tooSmall: [], enables: [] };

function boxOf({ id, label, guideScopes }) {
  const row = made("li");
  const box = Object.assign(made("input"), { type: "checkbox", value: id });
  const line = made("label");
  line.append(box, made("span", label), Object.assign(made("span", guideScopes.join(" ")), { className: "of" }));
  row.append(line);
  return { row, box, words: `${label} ${id} ${guideScopes.join(" ")}`.toLowerCase() };
}

/** Nothing in the address: nothing is chosen. */
function restore() {
  const wanted = new URLSearchParams(location.search);
  const ids = new Set((wanted.get("actions") ?? "").split(","));
  for (const [id, { box }] of boxes) box.checked = ids.has("all") || ids.has(id);
  for (const choice of document.getElementsByName("choice")) choice.checked ||= choice.value === wanted.get("choose");
  if (Object.hasOwn(SEPARATORS, wanted.get("separator") ?? "")) at("separator").value = wanted.get("separator");
}

function showFound() {
  const words = at("search").value.trim().toLowerCase();
  for (const { row, words: known } of boxes.values()) row.hidden = !known.includes(words);
  at("nothing-found").hidden = [...boxes.values()].some(({ row }) => !row.hidden);
}

/** Those that the search shows; without a search, all. */
function tickFound(checked) {
  for (const { row, box } of boxes.values()) if (!row.hidden) box.checked = checked;
  return ask();
}

const chosenIds = () => [...boxes].filter(([, { box }]) => box.checked).map(([id]) => id);
const choice = () => [...document.getElementsByName("choice")].find(({ checked }) => checked).value;

async function ask() {
  const turn = ++asked;
  const ids = chosenIds();
  const query = new URLSearchParams({ actions: ids.length === boxes.size ? "all" : ids.join(","), choose: choice() });
  const answer = await fetch(`/connect/scopes/advice.json?${query}`);
  if (turn !== asked) return; // another choice was made meanwhile
  if (!answer.ok) return say("the server did not answer; try again");
  advice = await answer.json();
  show();
}

function show() {
  const ids = chosenIds();
  const { scopes, enables } = advice;
  at("count").textContent = `${ids.length} of ${boxes.size} actions chosen`;
  at("scopes").textContent = scopes.join(SEPARATORS[at("separator").value]);
  at("remarks").replaceChildren(...remarks().map((text) => made("li", text)));
  at("enables").replaceChildren(
    ...enables.flatMap(({ scope, actions: enabled }) => [
      made("dt", scope),
      made(
        "dd",
        enabled.map((id) => actions.find((one) => one.id === id).label).join(", ") || "none of the chosen actions",
      ),
    ]),
  );
  const steps = scopes.flatMap((scope, i) => [i ? ", " : "", made("code", scope)]);
  at("step-scopes").replaceChildren(
    ...(scopes.length > 0 ? steps : ["the scopes that you see above once actions are chosen"]),
  );
  const address = new URLSearchParams();
  if (ids.length > 0) address.set("actions", ids.length === boxes.size ? "all" : ids.join(","));
  if (choice() !== "minimal") address.set("choose", choice());
  if (at("separator").value !== "space") address.set("separator", at("separator").value);
  history.replaceState(null, "", `${location.pathname}${address.size > 0 ? `?${address}` : ""}`);
}

function remarks() {
  return [
    ...advice.enableNothing.map((scope) => `${scope} enables none of the 121 actions.`),
    ...advice.tooSmall.map(
      ({ label, needsOneOf }) => `Too small for ${label}: Pipedrive asks for ${needsOneOf.join(" or ")}.`,
    ),
  ];
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(`${what} copied`);
  } catch {
    say(`this browser does not let the page copy; mark the ${what} by hand`);
  }
}

function say(text) {
  at("said").textContent = text;
}

at("actions").append(...[...boxes.values()].map(({ row }) => row));
restore();
at("search").addEventListener("input", showFound);
at("all").addEventListener("click", () => tickFound(true));
at("none").addEventListener("click", () => tickFound(false));
at("actions").addEventListener("change", ask);
at("choice").addEventListener("change", ask);
at("separator").addEventListener("change", show);
at("copy").addEventListener("click", () => copy(at("scopes").textContent, "scopes"));
at("copy-address").addEventListener("click", () => copy(location.href, "address"));
at("copy-callback").addEventListener("click", () => copy(at("callback").textContent, "callback URL"));
await ask();
