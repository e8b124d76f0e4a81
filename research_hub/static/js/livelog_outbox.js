// What was typed into a live log and has not reached the server: kept in this browser before it is shown, sent until
// the server says that it has it. Loaded on every page, so that lines left behind are sent wherever one comes back.
const database = "research-hub-live-log";
const patience = 10_000;
const longestPause = 30_000;
export const largestBatch = 100;

export async function openOutbox() {
  try {
    return new KeptOutbox(await openDatabase());
  } catch {
    return new FleetingOutbox();
  }
}

export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Asks or tells the server. The answer is {data} or {trouble: network, signed-out, token, other} with the words to say.
export async function call(address, { token, body } = {}) {
  const headers = { Accept: "application/json" };
  const request = { headers, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(patience) };
  if (body !== undefined) {
    Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": token ?? "" });
    Object.assign(request, { method: "POST", body: JSON.stringify(body) });
  }
  try {
    const answer = await fetch(address, request);
    if (answer.type === "opaqueredirect") return { trouble: "signed-out" };
    if (answer.ok) return { data: await answer.json() };
    if (answer.status === 400) return { trouble: "token" };
    if (answer.status >= 500 || answer.status === 429) return { trouble: "network" };
    return { trouble: "other", words: (await answer.json()).detail };
  } catch {
    return { trouble: "network" };
  }
}

// Sends one batch and settles it; says what stopped it, and which lines came back under a new key.
export async function sendBatch(outbox, scope, address, token) {
  return oneAtATime(async () => {
    const batch = (await outbox.linesOf(scope)).filter((line) => !line.problem).slice(0, largestBatch);
    if (batch.length === 0) return { sent: 0, changed: [] };
    const lines = batch.map(({ key, revision, at, text, deleted }) => ({ key, revision, at, text, deleted }));
    const { data, trouble, words } = await call(address, { token, body: { lines } });
    if (trouble) return { trouble, words, sent: 0, changed: [] };
    return { sent: batch.length, changed: await outbox.settle(batch, data.outcomes) };
  });
}

class KeptOutbox {
  keeps = true;

  constructor(opened) {
    this.opened = opened;
  }

  // The line is on the disk, and the draft it was typed from is gone, when this is done.
  async put(line, draftId) {
    await this.#within(["lines", "drafts"], (lines, drafts) => {
      lines.put({ ...line, id: `${line.scope}|${line.key}` });
      if (draftId) drafts.delete(draftId);
    });
  }

  async forget(scope, key) {
    await this.#within(["lines"], (lines) => lines.delete(`${scope}|${key}`));
  }

  async linesOf(scope) {
    const all = await this.all();
    return all.filter((line) => line.scope === scope);
  }

  async all() {
    const found = await this.#read("lines");
    return found.sort((one, other) => one.at - other.at);
  }

  async settle(batch, outcomes) {
    const changed = [];
    await this.#within(["lines"], (lines) => {
      batch.forEach((sent, index) => {
        const asked = lines.get(sent.id);
        asked.onsuccess = () => {
          const next = afterwards(sent, asked.result, outcomes[index]);
          if (next === undefined) return;
          if (next === null || next.key !== sent.key) lines.delete(sent.id);
          if (next !== null) lines.put({ ...next, id: `${next.scope}|${next.key}` });
          if (next !== null) changed.push(next);
        };
      });
    });
    return changed;
  }

  async keepDraft(id, draft) {
    await this.#within(["drafts"], (drafts) => (draft.text ? drafts.put({ ...draft, id }) : drafts.delete(id)), "relaxed");
  }

  async draftsOf(scope) {
    const found = await this.#read("drafts");
    return found.filter((draft) => draft.scope === scope);
  }

  #read(name) {
    return new Promise((resolve, reject) => {
      const asked = this.opened.transaction(name).objectStore(name).getAll();
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  #within(names, act, durability = "strict") {
    return new Promise((resolve, reject) => {
      const unit = this.opened.transaction(names, "readwrite", { durability });
      unit.oncomplete = () => resolve();
      unit.onabort = () => reject(unit.error);
      act(...names.map((name) => unit.objectStore(name)));
    });
  }
}

// A browser that keeps nothing, for example in a private window: lines live as long as the page, and the page says so.
class FleetingOutbox {
  keeps = false;
  #lines = new Map();

  async put(line) {
    this.#lines.set(line.key, { ...line, id: line.key });
  }

  async forget(_scope, key) {
    this.#lines.delete(key);
  }

  async linesOf(scope) {
    return [...this.#lines.values()].filter((line) => line.scope === scope);
  }

  async all() {
    return [...this.#lines.values()];
  }

  async settle(batch, outcomes) {
    const changed = [];
    batch.forEach((sent, index) => {
      const next = afterwards(sent, this.#lines.get(sent.key), outcomes[index]);
      if (next === undefined) return;
      this.#lines.delete(sent.key);
      if (next !== null) this.#lines.set(next.key, { ...next, id: next.key });
      if (next !== null) changed.push(next);
    });
    return changed;
  }

  async keepDraft() {}

  async draftsOf() {
    return [];
  }
}

// What stays of a line that was sent: undefined leaves it as it is now, null takes it out, anything else replaces it.
function afterwards(sent, now, outcome) {
  if (!now || now.revision > sent.revision) return undefined;
  if (outcome.state === "refused") return { ...now, problem: outcome.reason };
  // Changed elsewhere meanwhile: both wordings are kept, this one as a line of its own.
  if (outcome.state === "older" && !sent.deleted) return { ...now, key: newKey(), revision: 1 };
  return null;
}

function openDatabase() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(database, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("lines", { keyPath: "id" });
      asked.result.createObjectStore("drafts", { keyPath: "id" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

// Two tabs send one after the other; where a browser cannot see to that, the server stores each key once all the same.
function oneAtATime(act) {
  return navigator.locks ? navigator.locks.request("live-log-send", act) : act();
}

// Whether all that can be sent is sent; what a slow or silent server did not take is asked about again.
async function sendWhatWaits() {
  const outbox = await openOutbox();
  const waiting = (await outbox.all()).filter((line) => !line.problem);
  let silent = false;
  for (const [scope, line] of new Map(waiting.map((each) => [each.scope, each]))) {
    const asked = await call(`${line.address}/lines?since=999999999999`);
    silent ||= asked.trouble === "network";
    if (asked.data?.member !== line.member) continue;
    let sent = 0;
    for (let last = 1; last > 0; sent += last) {
      const batch = await sendBatch(outbox, scope, `${line.address}/lines`, asked.data.csrf);
      silent ||= batch.trouble === "network";
      last = batch.sent;
    }
    if (sent > 0) sayThatSent(sent, line.address);
  }
  return !silent;
}

async function sendUntilTaken(pause = 1_000) {
  if (await sendWhatWaits()) return;
  setTimeout(() => sendUntilTaken(Math.min(longestPause, pause * 2)), pause);
}

// Asked of the browser, not of a note beside the database: one that is killed may have kept the one without the other.
async function hasKeptSomething() {
  if (!indexedDB.databases) return true;
  const known = await indexedDB.databases();
  return known.some(({ name }) => name === database);
}

function sayThatSent(sent, address) {
  const banner = Object.assign(document.createElement("div"), { className: "banner banner-success" });
  banner.setAttribute("role", "status");
  const words = document.createElement("p");
  words.textContent = sent === 1
    ? "A line that this browser had kept has reached its live log."
    : `${sent} lines that this browser had kept have reached their live log.`;
  banner.append(words, Object.assign(document.createElement("a"), { href: address, textContent: "Open the log" }));
  document.getElementById("main")?.prepend(banner);
}

if (!document.querySelector("[data-live-log]") && await hasKeptSomething().catch(() => false)) {
  sendUntilTaken();
  window.addEventListener("online", () => sendWhatWaits());
}
