// The affinity board: cards moved by pointer or by keys, one or several at once; each move is a small POST that carries
// what the page saw. Others' moves come in every few seconds. Without this the form above the board does the same.
const every = 4_000;
const retryAfter = 3_000;
const far = 6; // Pixels that a press moves before it is a drag.
const edge = 56; // Pixels from an edge at which what is beneath begins to scroll.

const board = document.querySelector("[data-board]");
const address = board.dataset.board;
const mayEdit = "mayEdit" in board.dataset;
const form = document.getElementById("chosen");
const live = document.querySelector("[data-board-live]");
const said = document.querySelector("[data-board-said]");
const waiting = []; // Changes on their way to the server, one after the other.
let version = Number(board.dataset.version);
let carried = null; // { cards, home: [[card, list, next]], by: "keys" | "pointer" }
let sending = false;
let missed = null; // A state that came while something was carried.

const columns = () => [...board.querySelectorAll("[data-cluster]")];
const listOf = (column) => column.querySelector(".cards");
const columnOf = (card) => card.closest("[data-cluster]");
const cardsIn = (column) => [...listOf(column).querySelectorAll(".card:not([hidden])")];
const chosen = () => [...board.querySelectorAll(".card:has(input[name='card']:checked)")];
const cardBy = (number) => document.getElementById(`card-${number}`);
const nameOf = (column) => column.dataset.title;
const many = (cards) => (cards.length === 1 ? "1 card" : `${cards.length} cards`);

start();

function start() {
  board.addEventListener("focusin", ({ target }) => target.matches(".card") && rove(target));
  board.addEventListener("keydown", onKey);
  if (mayEdit) {
    document.querySelector("[data-board-keys]").hidden = false;
    board.addEventListener("pointerdown", onPress);
    board.addEventListener("change", ({ target }) => target.name === "card" && countChosen());
    board.addEventListener("submit", onSubmit);
    board.addEventListener("change", ({ target }) => target.closest("[data-rename]") && rename(target.form));
    form.addEventListener("submit", onMoveChosen);
    document.querySelector("[data-undo]").addEventListener("submit", onUndo);
  }
  for (const select of document.querySelectorAll("[data-looks] select")) select.addEventListener("change", look);
  prepare();
  setInterval(poll, every);
  document.addEventListener("visibilitychange", poll);
  addEventListener("beforeunload", (event) => waiting.length && event.preventDefault());
}

// What a fresh board needs: one card in the order of tabs, counts, the filter.
function prepare() {
  for (const card of board.querySelectorAll(".card")) {
    card.tabIndex = -1;
    if (mayEdit) card.setAttribute("aria-describedby", "board-keys");
  }
  const first = board.querySelector(".card");
  if (first) first.tabIndex = 0;
  look();
  countChosen();
}

function rove(card) {
  for (const other of board.querySelectorAll(".card[tabindex='0']")) other.tabIndex = -1;
  card.tabIndex = 0;
}

function recount() {
  for (const column of columns()) {
    const count = column.querySelector("[data-count]");
    if (count) count.textContent = listOf(column).querySelectorAll(".card").length;
  }
}

function countChosen() {
  const count = form?.querySelector("[data-count]");
  if (count) count.textContent = chosen().length ? many(chosen()) : "Chosen cards";
}

function look() {
  const [tag, size] = ["board-tag", "board-size"].map((id) => document.getElementById(id).value);
  board.dataset.size = size;
  for (const card of board.querySelectorAll(".card")) {
    card.hidden = tag !== "" && !card.dataset.cardTags.split("|").includes(tag);
  }
}

// ---- Sending and catching up

function change(path, sent, after) {
  waiting.push({ path, sent, after });
  if (!sending) deliver();
}

async function deliver() {
  sending = true;
  while (waiting.length) {
    const { path, sent, after } = waiting[0];
    const answer = await post(`${address}/${path}`, typeof sent === "function" ? sent() : sent);
    if (!answer) {
      say("No connection. Your changes are kept and sent when it is back.", true);
      await new Promise((resolve) => setTimeout(resolve, retryAfter));
      continue;
    }
    waiting.shift();
    await settle(answer, after);
  }
  sending = false;
}

async function post(url, sent) {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value },
      body: JSON.stringify(sent),
    });
    return { status: answer.status, body: await answer.json() };
  } catch {
    return null;
  }
}

async function settle({ status, body }, after) {
  say(body.said ?? body.detail ?? "That was not done.", status >= 400);
  if (body.version === undefined) return reload();
  showUndo(body.undo);
  if (waiting.length === 0) await adopt(body);
  after?.(body);
}

async function poll() {
  if (document.hidden || sending || waiting.length) return;
  try {
    const answer = await fetch(`${address}/state?since=${version}`, { headers: { Accept: "application/json" } });
    if (answer.status !== 200 || answer.redirected || sending || waiting.length) return;
    const state = await answer.json();
    showUndo(state.undo);
    await adopt(state);
  } catch {
    // The next time will do.
  }
}

// Brings the page to the state of the server. What is carried stays in the hand until it is put down.
async function adopt(state) {
  if (carried) return (missed = state);
  missed = null;
  if (!sameColumns(state) || !sameCards(state)) return reload();
  version = state.version;
  const focused = document.activeElement;
  for (const column of columns().filter((each) => each.dataset.cluster !== "new")) {
    const list = listOf(column);
    const wanted = (state.cards[column.dataset.cluster] ?? []).map(cardBy);
    wanted.forEach((card, place) => {
      if (list.children[place] === card) return;
      if (columnOf(card) !== column) flash(card);
      list.insertBefore(card, list.children[place] ?? null);
    });
  }
  recount();
  if (focused !== document.activeElement && board.contains(focused)) focused.focus({ preventScroll: true });
}

function sameColumns(state) {
  const here = columns().filter((each) => !["", "new"].includes(each.dataset.cluster));
  const shown = here.map((each) => [each.dataset.cluster, each.querySelector("[name='seen']")?.value ?? each.querySelector("h2").textContent]);
  const theirs = state.clusters.map(([id, title]) => [String(id), title || (mayEdit ? "" : "Without a name")]);
  const themes = here.map((each) => Boolean(each.querySelector(".cluster-theme")));
  return JSON.stringify(shown) === JSON.stringify(theirs) && themes.every((theme, place) => theme === Boolean(state.clusters[place][2]));
}

function sameCards(state) {
  const theirs = Object.values(state.cards).flat();
  return theirs.length === board.querySelectorAll(".card").length && theirs.every((number) => cardBy(number));
}

// Clusters or cards came or went: the page is asked for anew and the board taken from it, focus and choice kept.
async function reload() {
  let text;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) return location.reload();
    text = await answer.text();
  } catch {
    return;
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.querySelector("[data-board]");
  if (!fresh) return location.reload();
  const kept = { focus: document.activeElement?.closest(".card")?.id, chosen: chosen().map(({ id }) => id), left: board.scrollLeft };
  const tops = new Map(columns().map((column) => [column.dataset.cluster, listOf(column).scrollTop]));
  board.replaceChildren(...fresh.childNodes);
  version = Number(fresh.dataset.version);
  const places = page.getElementById("move-to");
  if (places) document.getElementById("move-to").replaceChildren(...places.childNodes);
  for (const id of kept.chosen) {
    const box = document.getElementById(id)?.querySelector("[name='card']");
    if (box) box.checked = true;
  }
  prepare();
  board.scrollLeft = kept.left;
  for (const column of columns()) listOf(column).scrollTop = tops.get(column.dataset.cluster) ?? 0;
  if (kept.focus) document.getElementById(kept.focus)?.focus({ preventScroll: true });
}

function say(words, quietly = false) {
  live.textContent = words;
  said.textContent = quietly || !carried ? words : "";
  clearTimeout(say.timer);
  say.timer = setTimeout(() => said.replaceChildren(), 5_000);
}

function flash(card) {
  card.classList.remove("was-moved");
  requestAnimationFrame(() => card.classList.add("was-moved"));
}

function showUndo(words) {
  const button = document.querySelector("[data-undo] button");
  if (!button) return;
  button.hidden = !words;
  button.querySelector("[data-undo-words]").textContent = words || "Undo";
}

// ---- Moving

// `seen` is read when the change is sent: by then the changes before it have arrived.
function move(cards, column, before, from) {
  const numbers = cards.map(({ dataset }) => Number(dataset.card));
  const to = column.dataset.cluster;
  const seen = from.map((cluster) => (cluster === "" ? null : Number(cluster)));
  const sent = { cards: numbers.map((number, place) => [number, seen[place]]), to: to === "" ? "tray" : to, before: before ? Number(before.dataset.card) : null };
  for (const box of board.querySelectorAll("input[name='card']:checked")) box.checked = false;
  countChosen();
  recount();
  change("move", sent, (state) => to === "new" && nameNewCluster(state.cluster));
}

function nameNewCluster(number) {
  board.querySelector(`[data-cluster="${number}"] [name='title']`)?.focus();
}

function onMoveChosen(event) {
  const cards = chosen();
  const off = event.submitter?.hasAttribute("formaction");
  if (cards.length === 0) return;
  event.preventDefault();
  const from = cards.map((card) => columnOf(card).dataset.cluster);
  if (off) return change("take-off", { cards: cards.map(({ dataset }, place) => [Number(dataset.card), Number(from[place]) || null]) });
  const to = document.getElementById("move-to").value;
  const column = board.querySelector(`[data-cluster="${to === "tray" ? "" : to}"]`);
  listOf(column).append(...cards);
  move(cards, column, null, from);
}

function onUndo(event) {
  event.preventDefault();
  change("undo", {});
}

function onSubmit(event) {
  if (!event.target.matches("[data-rename]")) return;
  event.preventDefault();
  event.target.elements.title.blur();
}

function rename(named) {
  const { title, seen } = named.elements;
  if (title.value.trim() === seen.value) return;
  const path = named.action.slice(named.action.indexOf(address) + address.length + 1);
  const sent = { title: title.value, seen: seen.value };
  seen.value = title.value.trim();
  change(path, sent, reload);
}

// ---- By keyboard

function onKey(event) {
  const card = event.target.closest(".card");
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!carried && event.target !== card) return;
  const act = carried?.by === "keys" ? carry(event.key) : walk(event.key, card);
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
}

function walk(key, card) {
  const column = columnOf(card);
  const here = cardsIn(column);
  const place = here.indexOf(card);
  if (key === "ArrowDown" || key === "ArrowUp") focus(here[place + (key === "ArrowDown" ? 1 : -1)]);
  else if (key === "Home" || key === "End") focus(here.at(key === "Home" ? 0 : -1));
  else if (key === "ArrowRight" || key === "ArrowLeft") {
    const filled = columns().filter((each) => cardsIn(each).length);
    const next = filled[filled.indexOf(column) + (key === "ArrowRight" ? 1 : -1)];
    if (next) focus(cardsIn(next)[Math.min(place, cardsIn(next).length - 1)]);
  } else if (key === "Enter") card.querySelector("a.ref").click();
  else if (mayEdit && key === "x") card.querySelector("[name='card']").click();
  else if (mayEdit && key === " ") pickUp(card);
  else return false;
  return true;
}

function pickUp(card) {
  take(card, "keys");
  say(`Picked up ${many(carried.cards)} in ${nameOf(columnOf(card))}. Arrow keys carry, Space puts down, Escape puts back.`);
}

function carry(key) {
  const [first] = carried.cards;
  const column = columnOf(first);
  if (key === "Escape") return putBack();
  if (key === " " || key === "Enter" || key === "Tab") return putDown(key !== "Tab");
  const others = cardsIn(column).filter((each) => !carried.cards.includes(each));
  const place = others.filter((each) => each.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING).length;
  if (key === "ArrowDown" || key === "ArrowUp") {
    const next = Math.min(Math.max(place + (key === "ArrowDown" ? 1 : -1), 0), others.length);
    lay(column, others[next] ?? null);
  } else if (key === "ArrowRight" || key === "ArrowLeft") {
    const all = columns();
    const next = all[all.indexOf(column) + (key === "ArrowRight" ? 1 : -1)];
    if (next) lay(next, cardsIn(next)[place] ?? null);
  } else return true;
  first.focus({ preventScroll: true });
  first.scrollIntoView({ block: "nearest", inline: "nearest" });
  const now = columnOf(first);
  say(`In ${nameOf(now)}, ${cardsIn(now).indexOf(first) + 1} of ${cardsIn(now).length}.`, false);
  return true;
}

function focus(card) {
  card?.focus({ preventScroll: true });
  card?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// ---- What both ways share

function take(card, by) {
  const together = card.querySelector("[name='card']").checked ? chosen() : [card];
  const cards = [card, ...together.filter((each) => each !== card)];
  const order = [...board.querySelectorAll(".card")].filter((each) => cards.includes(each));
  carried = { by, cards: order, lead: card, home: order.map((each) => [each, listOf(columnOf(each)), each.nextElementSibling]), from: order.map((each) => columnOf(each).dataset.cluster) };
  for (const each of order) each.classList.add("is-carried");
}

function lay(column, before) {
  for (const each of board.querySelectorAll(".is-target")) each.classList.remove("is-target");
  column.classList.add("is-target");
  for (const card of carried.cards) listOf(column).insertBefore(card, before);
}

function putDown(stay = true) {
  const { cards, from, home, lead } = carried;
  const column = columnOf(cards[0]);
  let next = cards.at(-1).nextElementSibling;
  while (next && cards.includes(next)) next = next.nextElementSibling;
  letGo();
  const same = home.every(([card, list, after]) => card.parentElement === list && (card.nextElementSibling === after || cards.includes(after)));
  if (stay) focus(lead);
  if (same) say("Put down where it was.");
  else move(cards, column, next, from);
  if (missed && same) adopt(missed);
  return stay;
}

function putBack() {
  const { home, lead } = carried;
  for (const [card, list, next] of [...home].reverse()) list.insertBefore(card, next?.parentElement === list ? next : null);
  letGo();
  focus(lead);
  say("Put back.");
  if (missed) adopt(missed);
  return true;
}

function letGo() {
  for (const each of carried.cards) each.classList.remove("is-carried");
  for (const each of board.querySelectorAll(".is-target")) each.classList.remove("is-target");
  document.body.classList.remove("is-dragging");
  carried = null;
}

// ---- By pointer

function onPress(event) {
  const card = event.target.closest(".card");
  const grip = event.target.closest("[data-grip]");
  if (!card || carried || event.button !== 0 || event.target.closest("a, input, button, select")) return;
  if (event.pointerType !== "mouse" && !grip) return; // A finger elsewhere on a card scrolls.
  if (grip) event.preventDefault();
  const start = { x: event.clientX, y: event.clientY };
  const press = new AbortController();
  const listen = (name, act) => addEventListener(name, act, { signal: press.signal });
  let drag = null;
  listen("pointermove", (moved) => {
    if (moved.pointerId !== event.pointerId) return;
    if (!drag && Math.hypot(moved.clientX - start.x, moved.clientY - start.y) >= far) drag = beginDrag(card, start);
    drag?.follow(moved.clientX, moved.clientY);
  });
  listen("pointerup", () => (press.abort(), drag ? drag.drop() : focus(card)));
  listen("pointercancel", () => (press.abort(), drag?.cancel()));
  listen("keydown", (key) => key.key === "Escape" && (press.abort(), drag?.cancel()));
}

function beginDrag(card, start) {
  const box = card.getBoundingClientRect();
  const ghost = card.cloneNode(true);
  ghost.removeAttribute("id");
  ghost.classList.add("card-ghost");
  ghost.style.width = `${box.width}px`;
  take(card, "pointer");
  if (carried.cards.length > 1) ghost.dataset.more = carried.cards.length;
  document.body.append(ghost);
  document.body.classList.add("is-dragging");
  getSelection().removeAllRanges();
  let at = start;
  let running = true;
  const step = () => {
    if (!running) return;
    if (scrollNear(at)) layUnder(at);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
  const end = () => ((running = false), ghost.remove());
  return {
    follow(x, y) {
      at = { x, y };
      ghost.style.transform = `translate(${x - (start.x - box.left)}px, ${y - (start.y - box.top)}px)`;
      layUnder(at);
    },
    drop: () => (end(), putDown()),
    cancel: () => (end(), putBack()),
  };
}

function layUnder({ x, y }) {
  const column = document.elementFromPoint(x, y)?.closest("[data-cluster]");
  if (!column || !board.contains(column)) return;
  const others = cardsIn(column).filter((each) => !carried.cards.includes(each));
  const before = others.find((each) => {
    const box = each.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
  lay(column, before ?? null);
}

// Scrolls the column, the board and the page while something is held near their edges.
function scrollNear({ x, y }) {
  const list = document.elementFromPoint(x, y)?.closest("[data-cluster]")?.querySelector(".cards");
  const frame = board.getBoundingClientRect();
  const inside = list?.getBoundingClientRect();
  const pull = (place, from, to) => (place < from + edge ? place - from - edge : place > to - edge ? place - to + edge : 0) / 4;
  const before = [list?.scrollTop, board.scrollLeft, scrollY];
  if (inside) list.scrollTop += pull(y, inside.top, inside.bottom);
  board.scrollLeft += pull(x, Math.max(0, frame.left), Math.min(innerWidth, frame.right));
  scrollBy(0, pull(y, -edge / 2, innerHeight + edge / 2));
  return [list?.scrollTop, board.scrollLeft, scrollY].some((now, place) => now !== before[place]);
}
