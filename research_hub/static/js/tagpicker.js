// Offers tags while one types: <input data-tags='["fear", {"path": "trust", "definition": "…"}]'>, the likeliest first,
// several with commas. What nobody used yet becomes a new tag, and is said so.
let numbered = 0;
let pressed = false;

document.addEventListener("mousedown", () => (pressed = true), true);
document.addEventListener("mouseup", () => (pressed = false), true);
for (const input of document.querySelectorAll("input[data-tags]")) offerTags(input);

export function offerTags(input) {
  if (input.getAttribute("role") === "combobox") return;
  const tags = JSON.parse(input.dataset.tags).map((tag) => (typeof tag === "string" ? { path: tag, definition: "" } : tag));
  const [list, fresh] = listFor(input);
  let active = -1;

  const show = (options) => {
    active = -1;
    list.replaceChildren(...options.map((tag, index) => option(list, tag, index)));
    list.hidden = options.length === 0;
    fresh.textContent = newAmong(tags, input.value).map((name) => `“${name}” will be a new tag.`).join(" ");
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  };
  const move = (by) => {
    const options = [...list.children];
    active = (active + by + options.length) % options.length;
    options.forEach((element, index) => element.setAttribute("aria-selected", String(index === active)));
    options[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[active].id);
  };
  const take = (name) => {
    const before = input.value.split(",").slice(0, -1).map((part) => part.trim());
    input.value = `${[...before, name].join(", ")}, `;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    show([]);
  };

  input.addEventListener("input", () => show(fitting(tags, input.value, input.closest("dialog"))));
  input.addEventListener("focus", () => input.closest("dialog") && show(fitting(tags, input.value, true)));
  input.addEventListener("blur", () => (pressed ? afterPress(() => document.activeElement !== input && show([])) : show([])));
  input.addEventListener("keydown", (event) => {
    if (list.hidden && event.key === "ArrowDown") show(fitting(tags, input.value, true));
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : active === -1 ? 0 : -1);
    else if (event.key === "Enter" && active >= 0) take(list.children[active].dataset.path);
    else if (event.key === "Escape" && (active >= 0 || !input.closest("dialog"))) show([]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const chosen = event.target.closest("[role='option']");
    if (chosen) take(chosen.dataset.path);
  });
  document.addEventListener("tags-used", (event) => learn(tags, event.detail));
}

// A list in a dialog moves what stands below it: it goes only when the button that is being pressed has had its click.
function afterPress(act) {
  document.addEventListener("mouseup", () => setTimeout(act), { capture: true, once: true });
}

// What was just used comes first next time.
function learn(tags, used) {
  for (const name of used.split(",").map((part) => part.trim()).filter(Boolean).reverse()) {
    const at = tags.findIndex((tag) => tag.path.toLowerCase() === name.toLowerCase());
    tags.unshift(at >= 0 ? tags.splice(at, 1)[0] : { path: name, definition: "" });
  }
}

function fitting(tags, value, evenEmpty = false) {
  const parts = value.split(",").map((part) => part.trim().toLowerCase());
  const typed = parts.pop();
  if (typed === "" && !evenEmpty) return [];
  const free = tags.filter((tag) => !parts.includes(tag.path.toLowerCase()));
  const starting = free.filter((tag) => tag.path.toLowerCase().startsWith(typed));
  const containing = free.filter((tag) => !starting.includes(tag) && tag.path.toLowerCase().includes(typed));
  return [...starting, ...containing].slice(0, 8);
}

function newAmong(tags, value) {
  const known = new Set(tags.map((tag) => tag.path.toLowerCase()));
  return value.split(",").map((part) => part.trim()).filter((part) => part && !known.has(part.toLowerCase()) && !tags.some((tag) => tag.path.toLowerCase().includes(part.toLowerCase())));
}

function listFor(input) {
  const frame = Object.assign(document.createElement("div"), { className: "picker" });
  const list = Object.assign(document.createElement("ul"), { className: "picker-list", id: `picker-${(numbered += 1)}`, hidden: true });
  const fresh = Object.assign(document.createElement("p"), { className: "picker-new" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Tags in use");
  fresh.setAttribute("role", "status");
  input.replaceWith(frame);
  frame.append(input, list, fresh);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  return [list, fresh];
}

function option(list, tag, index) {
  const made = Object.assign(document.createElement("li"), { id: `${list.id}-${index}`, textContent: tag.path });
  made.dataset.path = tag.path;
  if (tag.definition) made.append(Object.assign(document.createElement("span"), { className: "picker-definition", textContent: tag.definition }));
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", "false");
  return made;
}
