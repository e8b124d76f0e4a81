// The evidence tray: t puts a result in while one reads, the page stays open, and what was done is said beside its undo.
// On the tray's own page u and d move a record; buttons copy what stands in a box. All of it works by plain forms too.
const addresses = JSON.parse(document.querySelector("script[data-modules]").dataset.modules);
const [{ say, sayDone, send }, { offerKey }] = await Promise.all(
  ["inplace", "shortcuts"].map((name) => import(new URL(addresses[name], document.baseURI))),
);

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-tray-form]");
  if (!form) return;
  event.preventDefault();
  const told = await send(form);
  if (!told) return;
  show(told);
  sayDone(told);
});
// What was undone here is shown like what was done.
document.addEventListener("lines-changed", ({ detail }) => detail?.button && show(detail));

if (document.querySelector("form[data-tray-form]")) offerKey("t", "Put in the tray, or take out", putIn);
if (document.querySelector("[data-tray-list]")) {
  offerKey("u", "Move up", () => move("up"));
  offerKey("d", "Move down", () => move("down"));
  document.querySelector("[data-tray-keys]").hidden = false;
}
for (const button of document.querySelectorAll("[data-copy-from]")) offerCopy(button);

function putIn() {
  const row = chosenRow();
  const form = (row ?? document).querySelector("form[data-tray-form]");
  if (!row && document.querySelector("[data-row] form[data-tray-form]") && !document.querySelector("form[data-tray-form]:not([data-row] *)")) {
    say("Choose a result first: j and k go to the next and the previous one.");
    return true;
  }
  form?.requestSubmit();
  return Boolean(form);
}

function move(step) {
  const button = chosenRow()?.querySelector(`[data-move="${step}"]`);
  if (button) button.click();
  else say("Choose a record first: j and k go to the next and the previous one.");
  return true;
}

function chosenRow() {
  return document.querySelector("[data-row][aria-current]") ?? document.activeElement?.closest("[data-row]");
}

function show(told) {
  for (const form of document.querySelectorAll(`form[data-tray-form="${CSS.escape(told.ref)}"]`)) {
    const fresh = new DOMParser().parseFromString(told.button, "text/html").querySelector("form[data-tray-form]");
    const focused = form.contains(document.activeElement);
    form.replaceWith(document.adoptNode(fresh));
    if (focused) fresh.querySelector("button").focus();
  }
  const count = document.querySelector("[data-tray-count]");
  if (!count) return;
  count.textContent = told.count;
  count.hidden = told.count === 0;
}

function offerCopy(button) {
  const box = document.getElementById(button.dataset.copyFrom);
  const words = [...button.childNodes];
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    box.select();
    const copied = await navigator.clipboard.writeText(box.value).then(() => true, () => false);
    button.replaceChildren(copied ? "Copied" : "Press Ctrl and C to copy");
    setTimeout(() => button.replaceChildren(...words), 2500);
  });
}
