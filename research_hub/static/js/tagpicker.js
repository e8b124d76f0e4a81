// Offers tags while one types: <input data-tags='["fear", "trust"]'>, most used first, several with commas.
let numbered = 0;

for (const input of document.querySelectorAll("input[data-tags]")) offerTags(input);

function offerTags(input) {
  const tags = JSON.parse(input.dataset.tags);
  const list = listFor(input);
  let active = -1;

  const show = (options) => {
    active = -1;
    list.replaceChildren(...options.map((name, index) => option(list, name, index)));
    list.hidden = options.length === 0;
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

  input.addEventListener("input", () => show(fitting(tags, input.value)));
  input.addEventListener("blur", () => show([]));
  input.addEventListener("keydown", (event) => {
    if (list.hidden && event.key === "ArrowDown") show(fitting(tags, input.value, true));
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : active === -1 ? 0 : -1);
    else if (event.key === "Enter" && active >= 0) take(list.children[active].textContent);
    else if (event.key === "Escape") show([]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const chosen = event.target.closest("[role='option']");
    if (chosen) take(chosen.textContent);
  });
}

function fitting(tags, value, evenEmpty = false) {
  const parts = value.split(",").map((part) => part.trim().toLowerCase());
  const typed = parts.pop();
  if (typed === "" && !evenEmpty) return [];
  const free = tags.filter((name) => !parts.includes(name.toLowerCase()));
  const starting = free.filter((name) => name.toLowerCase().startsWith(typed));
  const containing = free.filter((name) => !starting.includes(name) && name.toLowerCase().includes(typed));
  return [...starting, ...containing].slice(0, 8);
}

function listFor(input) {
  const frame = Object.assign(document.createElement("div"), { className: "picker" });
  const list = Object.assign(document.createElement("ul"), { className: "picker-list", id: `picker-${(numbered += 1)}`, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Tags in use");
  input.replaceWith(frame);
  frame.append(input, list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  return list;
}

function option(list, name, index) {
  const made = Object.assign(document.createElement("li"), { id: `${list.id}-${index}`, textContent: name });
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", "false");
  return made;
}
