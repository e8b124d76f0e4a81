// The codebook: filters the tree as one types and folds it; gives quotes to tags by number while one splits a tag.
const filter = document.querySelector("[data-codebook-filter]");
const tree = document.querySelector("[data-codebook]");
const split = document.querySelector("[data-split]");

if (tree) for (const list of tree.querySelectorAll("li > ul")) makeFoldable(list);
if (filter && tree) filterAsOneTypes();
if (split) splitByNumber();

function makeFoldable(list) {
  const item = list.parentElement;
  const name = item.querySelector("a").textContent;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "fold" });
  button.setAttribute("aria-label", `Tags within ${name}`);
  const show = (open) => {
    list.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => show(list.hidden));
  button.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") show(true);
    else if (event.key === "ArrowLeft") show(false);
    else return;
    event.preventDefault();
  });
  list.addEventListener("codebook-open", () => show(true));
  item.querySelector(".codebook-name").prepend(button);
  show(true);
}

function filterAsOneTypes() {
  const items = [...tree.querySelectorAll("li")];
  const found = document.querySelector("[data-codebook-found]");
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let fitting = 0;
    // From the innermost out, so that a tag stays where one within it fits.
    for (const item of items.toReversed()) {
      const fits = words.every((word) => item.dataset.words.includes(word));
      const inside = item.querySelector(":scope > ul > li:not([hidden])");
      item.hidden = !fits && !inside;
      item.classList.toggle("is-only-above", !fits && Boolean(inside));
      fitting += fits ? 1 : 0;
    }
    if (words.length) for (const list of tree.querySelectorAll("ul")) list.dispatchEvent(new Event("codebook-open"));
    found.textContent = words.length ? (fitting === 1 ? "1 tag" : `${fitting} tags`) : "";
  });
}

function splitByNumber() {
  const quotes = [...split.querySelectorAll("[data-split-quote]")];
  document.querySelector("[data-split-keys]").hidden = false;
  for (const [index, input] of [...split.querySelectorAll("input[name='names']")].entries()) {
    const say = () => split.querySelectorAll(`[data-split-name="${index + 1}"]`).forEach((place) => (place.textContent = ` ${input.value}`));
    input.addEventListener("input", say);
  }
  const step = (quote, by) => {
    const next = quotes[quotes.indexOf(quote) + by];
    (next ?? quote).focus();
    (next ?? quote).scrollIntoView({ block: "nearest" });
  };
  split.addEventListener("keydown", (event) => {
    const quote = event.target.closest("[data-split-quote]");
    if (!quote || event.ctrlKey || event.metaKey || event.altKey) return;
    const radio = /^[0-9]$/.test(event.key) && quote.querySelector(`input[value="${event.key === "0" ? "" : event.key}"]`);
    if (radio) {
      radio.checked = true;
      quote.classList.toggle("is-given", radio.value !== "");
      step(quote, 1);
    } else if (event.key === "j" || event.key === "k") step(quote, event.key === "j" ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
