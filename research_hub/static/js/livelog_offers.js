// Offers tags after # and participants after @ while one types: a combobox that arrows, Enter, Tab and Escape work.
const { modules } = document.querySelector("script[data-modules]").dataset;
const { tagAsTyped } = await import(new URL(JSON.parse(modules).livelog_marks, document.baseURI));
const most = 8;
const begun = /(?:^|\s)([#@])(["“]?)([^\s"“”#@]*|(?<=["“])[^"“”]*)$/u;

export function offerMarks(input, tags, codes) {
  const list = listFor(input);
  let active = -1;
  let place = null;

  const show = () => {
    place = placeOf(input);
    const options = place ? fitting(place.sign === "#" ? tags : codes, place.typed) : [];
    active = -1;
    list.replaceChildren(...options.map((name, index) => option(list, name, index)));
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  };
  const hide = () => {
    list.replaceChildren();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const move = (by) => {
    active = (active + by + list.children.length) % list.children.length;
    [...list.children].forEach((element, index) => element.setAttribute("aria-selected", String(index === active)));
    list.children[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", list.children[active].id);
  };
  const take = (name) => {
    const typed = place.sign === "#" ? tagAsTyped(name) : `@${name}`;
    input.setRangeText(`${typed} `, place.start, input.selectionStart, "end");
    hide();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  input.addEventListener("input", show);
  input.addEventListener("blur", hide);
  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(active === -1 ? 0 : -1);
    else if (event.key === "Enter" && active >= 0) take(list.children[active].textContent);
    else if (event.key === "Tab" && !event.shiftKey) take(list.children[Math.max(active, 0)].textContent);
    else if (event.key === "Escape") hide();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const chosen = event.target.closest("[role='option']");
    if (chosen) take(chosen.textContent);
  });
  return { hide };
}

function placeOf(input) {
  const before = input.value.slice(0, input.selectionStart);
  const found = begun.exec(before);
  if (!found || input.selectionStart !== input.selectionEnd) return null;
  const [, sign, quote, typed] = found;
  if (sign === "@" && quote) return null;
  return { sign, typed: typed.toLowerCase(), start: before.length - sign.length - quote.length - typed.length };
}

function fitting(names, typed) {
  const starting = names.filter((name) => name.toLowerCase().startsWith(typed));
  const inside = names.filter((name) => !name.toLowerCase().startsWith(typed) && name.toLowerCase().includes(typed));
  const fit = [...starting, ...inside].slice(0, most);
  // Nothing is left to complete once the only one that fits stands there.
  return fit.length === 1 && fit[0].toLowerCase() === typed ? [] : fit;
}

function listFor(input) {
  const list = Object.assign(document.createElement("ul"), { className: "picker-list", id: `${input.id}-offers`, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Tags and participants");
  input.after(list);
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
