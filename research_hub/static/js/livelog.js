// The live log: Enter keeps a line in this browser, shows it, and sends it; what others type comes every two seconds.
const { modules } = document.querySelector("script[data-modules]").dataset;
const addresses = JSON.parse(modules);
const load = (name) => import(new URL(addresses[name], document.baseURI));
const { cleanLine, clockTime, parseLine } = await load("livelog_marks");
const { call, newKey, openOutbox, sendBatch } = await load("livelog_outbox");
const { lineElement, marksOf } = await load("livelog_lines");
const { offerMarks } = await load("livelog_offers");

const every = 2_000;
const longestWait = 30_000;
const page = document.querySelector("[data-live-log]");
const { address, startedMs, member, memberName, longest } = page.dataset;
const scope = `${member}|${address}`;
const me = Number(member);
const input = page.querySelector("[data-live-input]");
const list = page.querySelector("[data-live-lines]");
const status = page.querySelector("[data-live-status]");
const spoken = page.querySelector("[data-live-spoken]");
const signIn = page.querySelector("[data-live-sign-in]");
const label = page.querySelector("[data-live-label]");
const read = page.querySelector("[data-live-read]");
const clock = page.querySelector("[data-live-clock]");
const outbox = await openOutbox();
const tabs = new BroadcastChannel("research-hub-live-log");
const draftId = `${scope}|${newKey()}`;

const lines = new Map();
let state = JSON.parse(page.dataset.state);
let token = document.querySelector("[name='csrf_token']").value;
let offset = 0;
let elapsedSince = 0;
let cursor = state.sequence;
let trouble = "";
let troubleWords = "";
let latest = 0;
let editing = null;
let wait = 0;
let timer = 0;
let sending = false;
let speaking = 0;
let draftBusy = false;
let draftChanged = false;
let writing = 0;
let keeping = Promise.resolve();

measureClock();
await takeOver();
list.setAttribute("aria-live", "polite");
const offers = offerMarks(input, JSON.parse(page.dataset.tags), JSON.parse(page.dataset.codes));
input.addEventListener("input", keepDraft);
input.addEventListener("input", showRead);
input.addEventListener("keydown", answerKey);
input.form.addEventListener("submit", (event) => {
  event.preventDefault();
  enter();
});
page.addEventListener("click", actOnLine);
page.addEventListener("submit", actOnLog);
tabs.addEventListener("message", ({ data }) => hear(data));
window.addEventListener("online", sendNow);
window.addEventListener("beforeunload", (event) => !outbox.keeps && waiting().length > 0 && event.preventDefault());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sendNow());
setInterval(() => (clock.textContent = clockTime(elapsed())), 250);
showState();
showRead();
sendNow();
poll();

// The server's clock, by when its page was on its way; every answer measures it again.
function measureClock() {
  const [navigation] = performance.getEntriesByType("navigation");
  const arrived = navigation ? performance.timeOrigin + navigation.responseStart : Date.now();
  takeState(state, arrived, arrived);
}

function takeState(told, asked, arrived) {
  const moment = (asked + arrived) / 2;
  offset = told.now_ms - moment;
  state = told;
  elapsedSince = moment;
}

function serverNow() {
  return Math.round(Date.now() + offset);
}

function elapsed() {
  return state.elapsed_ms + (state.paused || state.ended ? 0 : Math.max(0, Date.now() - elapsedSince));
}

// The lines on the page, those that this browser still keeps, and what was half typed when it closed.
async function takeOver() {
  for (const element of list.querySelectorAll("[data-line]")) {
    const line = JSON.parse(element.dataset.line);
    lines.set(line.key, { ...line, element });
    // Only one's own lines gain something from being made again: the button that edits them.
    if (line.observer_id === me) show(line);
  }
  for (const kept of await outbox.linesOf(scope)) show(asLine(kept));
  scrollDown();
  const alive = await tabsThatAnswer();
  const left = (await outbox.draftsOf(scope)).find((draft) => draft.id !== draftId && !alive.has(draft.id));
  if (!left || input.value) return;
  input.value = left.text;
  if (lines.has(left.editing)) startEditing(lines.get(left.editing), left.text);
  await outbox.keepDraft(left.id, { text: "" });
  keepDraft();
}

function tabsThatAnswer() {
  return new Promise((resolve) => {
    const alive = new Set();
    const listen = ({ data }) => data.here && alive.add(data.here);
    tabs.addEventListener("message", listen);
    tabs.postMessage({ who: true });
    setTimeout(() => {
      tabs.removeEventListener("message", listen);
      resolve(alive);
    }, 150);
  });
}

function hear(data) {
  if (data.who) tabs.postMessage({ here: draftId });
  if (data.line?.scope === scope) show(asLine(data.line));
  if (data.settled === scope) refreshWaiting();
}

function asLine(kept) {
  const known = lines.get(kept.key);
  return {
    key: kept.key, revision: kept.revision, text: kept.text, deleted: kept.deleted, at: kept.at, problem: kept.problem,
    typed_ms: known?.typed_ms ?? Math.max(0, kept.at - Number(startedMs)), at_ms: known?.at_ms ?? kept.at_ms,
    observer: memberName, observer_id: me, late: state.ended, waiting: true,
  };
}

function answerKey(event) {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === "ArrowUp" && input.value === "" && !editing) {
    event.preventDefault();
    // A line that is still on its way to the disk is the last one too.
    keeping.then(() => {
      const own = inOrder().filter((line) => line.observer_id === me && !line.deleted);
      if (own.length > 0 && input.value === "" && !editing) startEditing(own.at(-1));
    });
  } else if (event.key === "Escape") {
    if (editing) stopEditing();
    else input.blur();
    event.preventDefault();
  }
}

function startEditing(line, text = line.text) {
  editing = { key: line.key, before: editing ? editing.before : input.value };
  input.value = text;
  label.textContent = `Edit the line of ${clockTime(line.at_ms)}: Enter keeps it, Escape leaves it as it was`;
  page.dataset.editing = "";
  input.focus();
  input.setSelectionRange(text.length, text.length);
  keepDraft();
  showRead();
}

function stopEditing() {
  if (!editing) return;
  offers.hide();
  input.value = editing.before;
  editing = null;
  label.textContent = label.dataset.words;
  delete page.dataset.editing;
  keepDraft();
  showRead();
}

// One write at a time, and always the latest: a queue of keystrokes would be behind when the browser dies.
async function keepDraft() {
  draftChanged = true;
  if (draftBusy) return;
  draftBusy = true;
  while (draftChanged) {
    draftChanged = false;
    await outbox.keepDraft(draftId, { scope, text: input.value, editing: editing?.key ?? null }).catch(() => {});
  }
  draftBusy = false;
}

// What will be read from the line, before Enter.
function showRead() {
  const length = [...cleanLine(input.value)].length;
  if (length > Number(longest)) {
    read.textContent = `${length.toLocaleString()} characters; a line takes ${Number(longest).toLocaleString()}. Split it in two.`;
    return;
  }
  read.replaceChildren(...marksOf(parseLine(input.value)));
}

function enter() {
  const text = cleanLine(input.value);
  if ([...text].length > Number(longest)) return input.focus();
  const line = editing && lines.get(editing.key);
  if (line) {
    stopEditing();
    if (text === "") keep({ ...line, deleted: true });
    else if (text !== line.text) keep({ ...line, text, deleted: false });
  } else if (text !== "") {
    input.value = "";
    const at = (latest = Math.max(serverNow(), latest + 1));
    keep({ key: newKey(), revision: 0, text, at, at_ms: elapsed(), typed_ms: at - Number(startedMs), deleted: false });
  }
  offers.hide();
  showRead();
  input.focus();
}

// The next revision of a line: on the disk first, then on the page, then on its way.
function keep(line) {
  keeping = keepNext(line);
}

async function keepNext(line) {
  const at = line.at ?? Number(startedMs) + line.typed_ms;
  const next = {
    scope, address, member: me, key: line.key, revision: line.revision + 1, at, at_ms: line.at_ms, text: line.text, deleted: line.deleted,
  };
  writing += 1;
  showState();
  const onDisk = await outbox.put(next, input.value === "" ? draftId : null).then(() => true, () => false);
  writing -= 1;
  if (!onDisk) {
    outbox.keeps = false;
    troubleWords = "This browser could not keep the line. It is put back below: copy it before you close the page.";
    input.value = input.value || line.text;
    return showState();
  }
  tabs.postMessage({ line: next });
  show(asLine(next));
  showState();
  if (line.revision === 0) scrollDown();
  sendNow();
}

function sendNow() {
  wait = 0;
  clearTimeout(timer);
  send();
}

async function send() {
  if (sending) return;
  sending = true;
  let stopped = "";
  try {
    for (let last = 1; last > 0; ) {
      const { sent, changed, trouble: met, words } = await sendBatch(outbox, scope, `${address}/lines`, token);
      last = sent;
      stopped = met ?? "";
      troubleWords = words ?? "";
      for (const line of changed) show(asLine(line));
      await refreshWaiting();
      if (sent > 0) tabs.postMessage({ settled: scope });
    }
  } catch {
    stopped = "network";
  }
  sending = false;
  // A token that ran out comes back with the next poll.
  if (stopped !== "token") trouble = stopped;
  showState();
  if (!stopped) return waiting().some((line) => !line.problem) ? sendNow() : undefined;
  wait = Math.min(longestWait, Math.max(1_000, wait * 2));
  clearTimeout(timer);
  timer = setTimeout(send, wait * (0.8 + Math.random() * 0.4));
}

async function refreshWaiting() {
  const kept = new Map((await outbox.linesOf(scope)).map((line) => [line.key, line]));
  for (const line of waiting()) {
    const here = kept.get(line.key);
    if (!here) show({ ...line, waiting: false, problem: undefined });
    else if (here.problem !== line.problem) show({ ...line, problem: here.problem });
  }
  showState();
}

async function poll() {
  const asked = Date.now();
  const { data, trouble: met, words } = await call(`${address}/lines?since=${cursor}`);
  if (data && data.member !== me) [trouble, troubleWords] = ["someone-else", ""];
  else if (data) take(data, asked);
  else if (met !== "token") [trouble, troubleWords] = [met, words ?? ""];
  showState();
  setTimeout(poll, data?.more ? 0 : every);
}

function take(data, asked) {
  const { lines: told, cursor: next, csrf, member: _member, more: _more, ...stands } = data;
  takeState(stands, asked, Date.now());
  token = csrf;
  document.querySelectorAll("[name='csrf_token']").forEach((field) => (field.value = csrf));
  cursor = next;
  const down = isDown();
  for (const line of told) merge(line);
  if (down && told.length > 0) scrollDown();
  const back = trouble !== "";
  trouble = troubleWords = "";
  if (back || (waiting().length > 0 && !sending)) sendNow();
}

function merge(line) {
  const here = lines.get(line.key);
  if (here?.waiting && here.revision > line.revision) return;
  if (here?.waiting && here.text !== line.text && here.revision === line.revision) return;
  const same = here && !here.waiting && here.revision === line.revision && here.late === line.late;
  if (!same && !(line.deleted && !here)) show({ ...line, undo: here?.undo, waiting: here?.waiting && !here.problem });
}

function show(line) {
  const here = lines.get(line.key);
  const element = lineElement(line, me);
  lines.set(line.key, { ...line, element });
  page.querySelectorAll("[data-live-empty]").forEach((each) => each.remove());
  if (here?.element?.isConnected) {
    const focused = here.element.contains(document.activeElement);
    here.element.replaceWith(element);
    if (focused) (element.querySelector("button") ?? input).focus();
    return;
  }
  const later = [...list.children].reverse().find((other) => Number(other.dataset.typedMs) <= line.typed_ms);
  if (later) later.after(element);
  else list.prepend(element);
}

function actOnLine(event) {
  const button = event.target.closest("[data-line-act]");
  if (!button) return;
  event.preventDefault();
  const line = lines.get(button.closest("[data-line-key]").dataset.lineKey);
  const act = button.dataset.lineAct;
  if (act === "edit") startEditing(line);
  else if (act === "delete") keep({ ...line, deleted: true });
  else if (act === "undo") keep({ ...line, deleted: false });
  else forget(line);
}

async function forget(line) {
  await outbox.forget(scope, line.key);
  line.element.remove();
  lines.delete(line.key);
  showState();
}

// Pausing must not leave the page, and ending waits until every line has arrived.
async function actOnLog(event) {
  const form = event.target.closest("[data-live-act]");
  if (!form) return;
  event.preventDefault();
  if (form.dataset.liveAct === "end") return end(form);
  const { data, trouble: met, words } = await call(form.action, { token, body: {} });
  if (data) takeState(data, Date.now(), Date.now());
  else [trouble, troubleWords] = [met, words ?? ""];
  showState();
  input.focus();
}

async function end(form) {
  const left = () => waiting().filter((line) => !line.problem).length + writing;
  for (let tries = 0; left() > 0 && tries < 20; tries += 1) {
    sendNow();
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  if (left() > 0 && !("sure" in form.dataset)) {
    form.dataset.sure = "";
    troubleWords = `${countOf(left())} not reached the server. End it all the same, and they come in later beside the notes.`;
    return showState();
  }
  form.submit();
}

function showState() {
  clock.textContent = clockTime(elapsed());
  page.toggleAttribute("data-paused", state.paused);
  page.toggleAttribute("data-ended", state.ended);
  for (const element of page.querySelectorAll("[data-when]")) element.hidden = !fits(element.dataset.when);
  signIn.hidden = trouble !== "signed-out";
  say(words());
}

function fits(when) {
  const now = state.ended ? "ended" : state.paused ? "paused" : "running";
  return when.split(" ").includes(now);
}

function words() {
  const kept = waiting().filter((line) => !line.problem).length;
  const refused = waiting().filter((line) => line.problem).length;
  const parts = [];
  if (trouble === "signed-out") parts.push(kept ? `You are signed out. ${countOf(kept)} been kept in this browser and will be sent when you have signed in.` : "You are signed out. What you type is kept in this browser.");
  else if (trouble === "someone-else") parts.push(`Somebody else is signed in now. ${kept ? `${countOf(kept)} been kept in this browser` : "What you type is kept in this browser"} until you sign in again.`);
  else if (trouble === "network" && kept) parts.push(`${kept === 1 ? "1 line waits" : `${kept} lines wait`} for the network; ${kept === 1 ? "it is" : "they are"} kept in this browser.`);
  else if (trouble === "network") parts.push("No connection. Type on: your lines are kept in this browser.");
  else if (kept === 0 && !trouble) parts.push(writing ? "Keeping what you typed." : lines.size ? "All lines are saved." : "");
  else parts.push(kept === 1 ? "1 line is on its way; it is kept in this browser." : kept ? `${kept} lines are on their way; they are kept in this browser.` : "");
  if (troubleWords) parts.push(troubleWords);
  if (refused) parts.push(`${countOf(refused)} not been taken; the reason stands beside it.`);
  if (state.ended) parts.push(`${state.ended_by || "Somebody"} ended the log. What you still type is kept beside the notes.`);
  if (!outbox.keeps) parts.push("This browser keeps no copies: leave the page open until all lines are saved.");
  return parts.filter(Boolean).join(" ");
}

function countOf(number) {
  return number === 1 ? "1 line has" : `${number} lines have`;
}

// Shown at once, and read out when it has lasted a second: not every line that comes and goes.
function say(text) {
  if (status.textContent !== text) {
    status.textContent = text;
    clearTimeout(speaking);
    speaking = setTimeout(() => spoken.textContent !== text && (spoken.textContent = text), 1_000);
  }
  status.toggleAttribute("data-trouble", trouble !== "" || troubleWords !== "");
}

function waiting() {
  return [...lines.values()].filter((line) => line.waiting);
}

function inOrder() {
  return [...list.querySelectorAll("[data-line-key]")].map((element) => lines.get(element.dataset.lineKey));
}

function isDown() {
  return list.scrollHeight - list.scrollTop - list.clientHeight < 80;
}

function scrollDown() {
  list.scrollTop = list.scrollHeight;
}
