// Highlighting in the reader: with mouse or finger select and press the button; with the keyboard move to a
// paragraph (j, k or the arrow keys), press h, choose words with the arrows, Shift and arrows for more, Enter.
const addresses = JSON.parse(document.querySelector("script[data-modules]").dataset.modules);
const { passageOf, wordsOf } = await import(new URL(addresses.passage, document.baseURI));
const { goToMark } = await import(new URL(addresses.shortcuts, document.baseURI));

const reader = document.querySelector("[data-reader]");
const form = document.querySelector("[data-highlight-form]");
const lines = [...reader.querySelectorAll(".line-body")];
const spoken = reader.parentElement.insertBefore(document.createElement("p"), reader);
const toast = document.body.appendChild(document.createElement("p"));
let choosing = null;

spoken.className = "govuk-visually-hidden";
spoken.setAttribute("role", "status");
toast.className = "toast";
toast.hidden = true;
toast.textContent = "Arrows choose words, Shift and arrows take more, Enter highlights, Escape leaves.";
lines.forEach((line, index) => (line.tabIndex = index === 0 ? 0 : -1));
reader.addEventListener("focusin", (event) => rove(event.target.closest(".line-body")));
reader.addEventListener("click", (event) => event.target.closest("mark") && getSelection().isCollapsed && goToMark(event.target.closest("mark")));
reader.addEventListener("keydown", onKey);
window.addEventListener("hashchange", showAddressed);
showAddressed();
if (form) offerSelection();

function rove(line) {
  if (line) lines.forEach((other) => (other.tabIndex = other === line ? 0 : -1));
}

function showAddressed() {
  const target = document.getElementById(location.hash.slice(1));
  const mark = target?.closest("mark") ?? target?.parentElement.querySelector(":scope > mark");
  if (location.hash.startsWith("#HL-") && mark) goToMark(mark);
}

function onKey(event) {
  const line = event.target.closest(".line-body");
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (choosing && chooseWith(event.key, event.shiftKey)) return event.preventDefault();
  if (!line || event.target !== line) return;
  const to = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (to) lines[lines.indexOf(line) + to]?.focus();
  else if (event.key === "h" && form && getSelection().isCollapsed && localStorage.getItem("single-keys") !== "off") startChoosing(line);
  else return;
  event.preventDefault();
}

function startChoosing(line) {
  choosing = { words: wordsOf(line), from: 0, to: 0 };
  if (choosing.words.length === 0) return (choosing = null);
  toast.hidden = false;
  showChoice();
  spoken.textContent = `${toast.textContent} ${spoken.textContent}`;
}

function chooseWith(key, more) {
  const last = choosing.words.length - 1;
  if (key === "Escape") endChoosing();
  else if (key === "Enter") openForm(choice());
  else if (key === "ArrowRight" || key === "ArrowLeft") {
    choosing.to = Math.min(Math.max(choosing.to + (key === "ArrowRight" ? 1 : -1), more ? choosing.from : 0), last);
    if (!more) choosing.from = choosing.to;
  } else if (key === "End") choosing.to = last;
  else return false;
  if (choosing) showChoice();
  return true;
}

function choice() {
  const range = document.createRange();
  range.setStart(choosing.words[choosing.from].startContainer, choosing.words[choosing.from].startOffset);
  range.setEnd(choosing.words[choosing.to].endContainer, choosing.words[choosing.to].endOffset);
  return range;
}

function showChoice() {
  const range = choice();
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  spoken.textContent = range.toString();
}

function endChoosing() {
  choosing = null;
  toast.hidden = true;
  getSelection().removeAllRanges();
}

function offerSelection() {
  const menu = document.createElement("div");
  menu.className = "selection-menu";
  menu.hidden = true;
  menu.innerHTML = '<button class="govuk-button" type="button" data-key="h">Highlight <span class="govuk-visually-hidden">the selection</span></button>';
  document.body.append(menu);
  menu.addEventListener("pointerdown", (event) => event.preventDefault());
  menu.firstElementChild.addEventListener("click", () => openForm(selected()));
  const follow = () => {
    const range = selected();
    menu.hidden = !range || choosing !== null || !passageOf(range, reader);
    if (menu.hidden) return;
    const box = range.getBoundingClientRect();
    menu.style.top = `${window.scrollY + box.bottom + 8}px`;
    menu.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - 150))}px`;
  };
  document.addEventListener("selectionchange", follow);
  follow();
}

function selected() {
  const selection = getSelection();
  if (selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  return range.intersectsNode(reader) ? range : null;
}

// The form that stands in the page is lent to a dialog, and goes back when the dialog closes.
function openForm(range) {
  const passage = range && passageOf(range, reader);
  if (!passage) return;
  const back = document.activeElement;
  endChoosing();
  const home = document.createComment("highlight form");
  form.replaceWith(home);
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", "Highlight a passage");
  dialog.append(form);
  document.body.append(dialog);
  fill(passage);
  const cancel = form.querySelector("[data-close]");
  cancel.onclick = () => dialog.close();
  dialog.addEventListener("close", () => {
    fill(null);
    home.replaceWith(form);
    dialog.remove();
    (lines.includes(back) ? back : lines[0]).focus({ preventScroll: true });
  });
  dialog.showModal();
  form.querySelector("[data-tags], input:not([type='hidden'])").focus();
}

function fill(passage) {
  form.querySelector("[name='start']").value = passage?.start ?? "";
  form.querySelector("[name='end']").value = passage?.end ?? "";
  form.querySelector("[data-chosen] p").textContent = passage?.text ?? "";
  form.querySelector("[data-chosen]").hidden = !passage;
  form.querySelector("[data-by-words]").hidden = Boolean(passage);
  form.querySelector("[data-close]").hidden = !passage;
}
