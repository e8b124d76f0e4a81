// Single keys: never while one types, and each reader can switch them off (WCAG 2.1.4).
// An element offers a key of its own with data-key="t" data-key-name="Add to the tray".
const places = { l: "log", e: "evidence", i: "insights", d: "decisions", r: "reports", t: "tray" };
const rowSelector = "[data-row], .line-body, main tbody tr:has(a)";
const own = new Map();
let waitingForPlace = false;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !switchedOn() || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (answer(event.key)) event.preventDefault();
});

for (const button of document.querySelectorAll("[data-keys]")) {
  button.hidden = false;
  button.addEventListener("click", showKeys);
}

// A module offers a key of its own; `act` answers whether it did anything.
export function offerKey(key, words, act) {
  own.set(key, { words, act });
}

function answer(key) {
  if (waitingForPlace) {
    waitingForPlace = false;
    const link = document.querySelector(`.nav a[data-place="${places[key] ?? "none"}"]`);
    link?.click();
    return Boolean(link);
  }
  if (key === "?") return showKeys();
  if (key === "g") return (waitingForPlace = true);
  if (key === "j" || key === "k") return step(document.querySelectorAll(rowSelector), key === "j" ? 1 : -1, goToRow);
  if (own.has(key)) return own.get(key).act();
  const row = document.querySelector("[data-row][aria-current], tr[aria-current]");
  const named = `[data-key="${CSS.escape(key)}"]:not([hidden])`;
  // What the page itself does with a key comes before what a message offers, which may speak of an older act.
  const element = row?.querySelector(named) ?? document.querySelector(`${named}:not(.banner *)`) ?? document.querySelector(named);
  if (!element) return false;
  if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else element.click();
  return true;
}

function step(list, by, go) {
  const all = [...list];
  if (all.length === 0) return false;
  const here = all.findIndex((element) => element.matches(".is-here, [aria-current]") || element === document.activeElement);
  const next = here === -1 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1);
  all.forEach((element) => element.removeAttribute("aria-current"));
  go(all[next]);
  return true;
}

function goToRow(row) {
  if (!row.matches(".line-body")) row.setAttribute("aria-current", "true");
  (row.matches(".line-body") ? row : row.querySelector("a")).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function showKeys() {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "keys-title");
  const rows = [["g then l, e, i, d, r, t", "Go to Log, Evidence, Insights, Decisions, Reports, Tray"]];
  if (document.querySelector(rowSelector)) rows.push(["j k", "Next and previous row"]);
  for (const [key, { words }] of own) rows.push([key, words]);
  for (const { dataset } of document.querySelectorAll("[data-key][data-key-name]")) rows.push([dataset.key, dataset.keyName]);
  rows.push(["?", "This list"]);
  const unique = new Map(rows);
  const list = element("dl", { className: "keys" }, ...[...unique].flatMap(([keys, words]) =>
    [element("dt", {}, element("kbd", {}, keys)), element("dd", {}, words)]));
  const use = element("input", { type: "checkbox", checked: switchedOn(), id: "use-keys" });
  use.addEventListener("change", () => localStorage.setItem("single-keys", use.checked ? "on" : "off"));
  const close = element("button", { className: "govuk-button", type: "button" }, "Close");
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(
    element("h2", { id: "keys-title" }, "Keys"), list,
    element("p", {}, element("label", {}, use, " Use single keys in this browser")), close,
  );
  document.body.append(dialog);
  dialog.showModal();
  return true;
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function switchedOn() {
  return localStorage.getItem("single-keys") !== "off";
}

function typing(target) {
  return target.closest("input:not([type='checkbox'], [type='radio']), textarea, select, [contenteditable], [role='listbox']") !== null;
}
