// Highlighting in the reader: with mouse or finger select and press the button; with the keyboard move to a
// paragraph (j, k or the arrow keys), press h, choose words with the arrows, Shift and arrows for more, Enter.
const addresses = JSON.parse(document.querySelector("script[data-modules]").dataset.modules);
const [{ passageOf, wordsOf }, { offerKey }, { send, sayDone, say, hush, undoLast }, { makeDialog, openPage, refuse, standAt, wayBackTo }] = await Promise.all(
  ["passage", "shortcuts", "inplace", "dialogs"].map((name) => import(new URL(addresses[name], document.baseURI))),
);

const reader = document.querySelector("[data-reader]");
const form = document.querySelector("[data-highlight-form]");
const placing = document.querySelector("[data-placing]");
const spoken = reader.parentElement.insertBefore(document.createElement("p"), reader);
let choosing = null;
let here = null;

spoken.className = "govuk-visually-hidden";
spoken.setAttribute("role", "status");
bodies().forEach((line, index) => (line.tabIndex = index === 0 ? 0 : -1));
reader.addEventListener("focusin", (event) => rove(event.target.closest(".line-body")));
reader.addEventListener("click", onClick);
reader.addEventListener("keydown", onKey);
document.addEventListener("lines-changed", (event) => event.detail && showHighlight(event.detail.ref, { move: false }));
document.addEventListener("click", openInDialog);
window.addEventListener("hashchange", showAddressed);
offerKey("n", "Next highlight", () => step(1));
offerKey("p", "Previous highlight", () => step(-1));
if (form) {
  offerKey("h", "Highlight the selection, or choose words in the paragraph", highlightOrChoose);
  offerSelection();
}
if (form && !placing) {
  offerKey("e", "Edit the highlight", () => onHere((note) => openPage(note.querySelector(".note-ref").href, afterAct)));
  offerKey("m", "Write a memo", () => writeMemo());
  offerKey("z", "Undo the last act", () => undoLast() ?? true);
  form.querySelector("form").addEventListener("submit", save);
  document.querySelector("[data-keys-line]")?.removeAttribute("hidden");
}
showAddressed();

function bodies() {
  return [...reader.querySelectorAll(".line-body")];
}

function rove(line) {
  if (!line || line.tabIndex === 0) return;
  reader.querySelectorAll(".line-body[tabindex='0']").forEach((other) => (other.tabIndex = -1));
  line.tabIndex = 0;
}

// Highlights: one is `here`. A click on words with several goes from one to the next.

function onClick(event) {
  const mark = event.target.closest("mark");
  const note = event.target.closest(".note");
  if (mark && getSelection().isCollapsed) {
    const ids = mark.dataset.highlights.split(" ");
    const next = ids[(ids.indexOf(here) + 1) % ids.length];
    showHighlight(`HL-${next}`, { move: false });
    document.getElementById(`note-${next}`)?.scrollIntoView({ block: "nearest" });
  } else if (note && !event.target.closest("a, button")) showHighlight(`HL-${note.dataset.highlight}`);
}

function step(by) {
  const ids = [...reader.querySelectorAll("[id^='HL-']")].map((element) => element.id);
  if (ids.length === 0) return false;
  const at = ids.indexOf(`HL-${here}`);
  showHighlight(ids[at === -1 ? (by > 0 ? 0 : ids.length - 1) : Math.min(Math.max(at + by, 0), ids.length - 1)]);
  return true;
}

function showAddressed() {
  if (location.hash.startsWith("#HL-")) showHighlight(location.hash.slice(1));
}

function showHighlight(ref, { move = true } = {}) {
  reader.querySelectorAll(".is-here").forEach((element) => element.classList.remove("is-here"));
  const id = ref.replace("HL-", "");
  const marks = reader.querySelectorAll(`mark[data-highlights~="${CSS.escape(id)}"]`);
  if (marks.length === 0) return (here = null);
  here = id;
  marks.forEach((mark) => mark.classList.add("is-here"));
  document.getElementById(`note-${id}`)?.classList.add("is-here");
  const first = marks[0];
  document.dispatchEvent(new CustomEvent("highlight-shown", { detail: { line: first.closest(".line").id, moved: move } }));
  if (!move) return;
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
  first.scrollIntoView({ block: "center" });
}

function onHere(act) {
  const note = here && document.getElementById(`note-${here}`);
  if (note) act(note);
  else say("Choose a highlight first: n goes to the next.");
  return true;
}

// Words of a paragraph, chosen with the keyboard.

function onKey(event) {
  const line = event.target.closest(".line-body");
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (choosing && chooseWith(event.key, event.shiftKey)) return event.preventDefault();
  if (!line || event.target !== line) return;
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  const lines = bodies();
  lines[lines.indexOf(line) + by]?.focus();
  event.preventDefault();
}

function highlightOrChoose() {
  const passage = passageSelected();
  const line = document.activeElement?.closest(".line-body");
  if (passage) openForm(passage);
  else if (line) startChoosing(line);
  else say("Select words, or go to a paragraph with j and press h.");
  return true;
}

function startChoosing(line) {
  choosing = { words: wordsOf(line), from: 0, to: 0 };
  if (choosing.words.length === 0) return (choosing = null);
  if (document.activeElement !== line) line.focus();
  say("Arrows choose words, Shift and arrows take more, Enter highlights, Escape leaves.");
  showChoice();
}

function chooseWith(key, more) {
  const last = choosing.words.length - 1;
  if (key === "Escape") endChoosing();
  else if (key === "Enter") openForm(passageOf(choice(), reader));
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
  if (choosing) hush();
  choosing = null;
  getSelection().removeAllRanges();
}

// The button beside a selection. What it will highlight is kept, for a touch on the button may end the selection.

function offerSelection() {
  const menu = document.createElement("div");
  menu.className = "selection-menu";
  menu.hidden = true;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "govuk-button" });
  button.append(placing ? "Put it here" : "Highlight", Object.assign(document.createElement("span"), { className: "govuk-visually-hidden", textContent: " the selection" }));
  menu.append(button);
  document.body.append(menu);
  let offered = null;
  menu.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => offered && openForm(offered));
  const follow = () => {
    const range = selected();
    offered = range && choosing === null ? passageOf(range, reader) : null;
    menu.hidden = !offered;
    if (!offered) return;
    const box = endOf(range);
    menu.style.top = `${window.scrollY + box.bottom + (matchMedia("(pointer: coarse)").matches ? 30 : 8)}px`;
    menu.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - 150))}px`;
  };
  let asked = 0;
  document.addEventListener("selectionchange", () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(follow);
  });
  follow();
}

function selected() {
  const selection = getSelection();
  if (selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  return range.intersectsNode(reader) ? range : null;
}

function passageSelected() {
  const range = selected();
  return range && passageOf(range, reader);
}

function endOf(range) {
  const boxes = range.getClientRects();
  return boxes.length > 0 ? boxes[boxes.length - 1] : range.getBoundingClientRect();
}

// The form that stands in the page is lent to a dialog at the selection, and goes back when the dialog closes.

function openForm(passage) {
  if (!passage) return;
  const goBack = wayBackTo(document.activeElement?.closest(".line-body") ?? lineAt());
  const range = selected();
  const box = range && { top: range.getBoundingClientRect().top, end: endOf(range) };
  const seen = range && "highlights" in CSS && new Highlight(range.cloneRange());
  endChoosing();
  if (seen) CSS.highlights.set("choosing", seen);
  // What stands in its place is as high, so that the text does not move under the dialog.
  const home = document.createElement("div");
  home.style.height = `${form.offsetHeight}px`;
  form.replaceWith(home);
  const dialog = makeDialog("Highlight a passage", form);
  fill(passage);
  form.querySelector("[data-close]").onclick = () => dialog.close();
  dialog.addEventListener("close", () => {
    if (seen) CSS.highlights.delete("choosing");
    fill(null);
    home.replaceWith(form);
    dialog.remove();
    goBack();
  });
  dialog.showModal();
  if (box) standAt(dialog, box);
  form.querySelector("[data-tags], button[type='submit']").focus();
}

function lineAt() {
  return getSelection().anchorNode?.parentElement?.closest(".line-body") ?? reader.querySelector(".line-body");
}

function fill(passage) {
  form.querySelector("[name='start']").value = passage?.start ?? "";
  form.querySelector("[name='end']").value = passage?.end ?? "";
  form.querySelector("[data-chosen] p").textContent = passage?.text ?? "";
  form.querySelector("[data-chosen]").hidden = !passage;
  form.querySelector("[data-by-words]").hidden = Boolean(passage);
  form.querySelector("[data-close]").hidden = !passage;
  form.querySelector("[data-refused]")?.remove();
  if (!passage) form.querySelector("form").reset();
}

async function save(event) {
  const dialog = form.closest("dialog");
  if (!dialog) return;
  event.preventDefault();
  const used = form.querySelector("[data-tags]").value;
  const told = await send(form.querySelector("form"), (reason) => refuse(form, reason));
  if (!told) return;
  dialog.close();
  document.dispatchEvent(new CustomEvent("tags-used", { detail: used }));
  afterAct(told);
}

function afterAct(told) {
  showHighlight(told.ref, { move: false });
  sayDone(told);
}

// Forms of other pages, such as that of a highlight or a memo, in a dialog here.

function writeMemo() {
  const about = here ? `HL-${here}` : "";
  const link = document.querySelector("[data-memo]");
  if (!about) return link ? (link.click(), true) : onHere(() => {});
  const address = new URL(link.href);
  address.searchParams.set("about", about);
  openPage(address, afterAct);
  return true;
}

function openInDialog(event) {
  const link = event.target.closest("a[data-dialog], .note-ref[href$='/edit']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openPage(link.href, afterAct);
}
