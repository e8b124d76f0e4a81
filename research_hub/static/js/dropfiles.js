// Files dropped or chosen go to the server one by one, two at a time, and a list says how far each is.
// <form data-drop-files data-begin="/…" | data-files="/…" data-page="/…" data-largest="50">; without this the form itself sends them.
const atOnce = 2;
const longestWait = 30;
const words = { waiting: "waiting", reading: "reading", understood: "understood", refused: "refused" };

for (const form of document.querySelectorAll("form[data-drop-files]")) bringFilesFrom(form);

function bringFilesFrom(form) {
  const board = boardBeside(form);
  const waiting = [];
  let place = form.dataset.files ? Promise.resolve({ files: form.dataset.files, page: form.dataset.page }) : null;
  let running = 0;

  form.querySelector(".drop-how").hidden = false;
  form.files.addEventListener("change", () => {
    add([...form.files.files]);
    form.files.value = "";
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  acceptDrops(form, add);
  addEventListener("beforeunload", (event) => {
    if (waiting.length || running) event.preventDefault();
  });

  function add(files) {
    for (const file of files) waiting.push(board.add(file));
    board.tell();
    while (running < atOnce && waiting.length) run();
  }

  async function run() {
    running += 1;
    while (waiting.length) await send(waiting.shift());
    running -= 1;
    if (!running) board.finish(await where());
  }

  async function send(entry) {
    if (entry.file.size > Number(form.dataset.largest) * 1024 * 1024) {
      return board.set(entry, "refused", `It is larger than ${form.dataset.largest} MB. Split it, or bring its text alone.`);
    }
    board.set(entry, "reading", "");
    try {
      const found = await posted(form, (await where()).files, entry, board);
      board.set(entry, found.status === "refused" ? "refused" : "understood", found.said, found.page);
    } catch (error) {
      board.set(entry, "refused", error.message);
    }
  }

  function where() {
    place ??= answerOf(form, form.dataset.begin, new FormData(), () => {}).catch((error) => {
      place = null;
      throw error;
    });
    return place;
  }
}

async function posted(form, address, entry, board) {
  const body = new FormData();
  body.append("file", entry.file, entry.file.name);
  return answerOf(form, address, body, (said) => board.set(entry, "waiting", said));
}

// Asks again where others are being read or the network is gone: the server keeps a file that comes twice once.
async function answerOf(form, address, body, say) {
  for (let tries = 1; ; tries += 1) {
    let answer;
    try {
      answer = await fetch(address, { method: "POST", headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value }, body });
    } catch {
      say("The network does not answer. Trying again.");
      await pause(Math.min(2 ** tries, longestWait));
      continue;
    }
    if (answer.ok && !answer.redirected) return answer.json();
    if (answer.status !== 429) throw new Error(await reason(answer));
    const wait = Math.min(Number(answer.headers.get("Retry-After")) || 5, longestWait);
    say(`Others are being read. Again in ${wait} seconds.`);
    await pause(wait);
  }
}

async function reason(answer) {
  if (answer.redirected) return "You are signed out. Sign in and bring it again.";
  try {
    return (await answer.json()).detail || "The server did not take it.";
  } catch {
    return answer.status === 413 ? "It is too large." : "The server did not take it. Bring it again.";
  }
}

function boardBeside(form) {
  const whole = form.parentElement.querySelector("[data-drop-progress]");
  const [list, count, done] = ["list", "count", "done"].map((name) => whole.querySelector(`[data-drop-${name}]`));
  const entries = [];

  function add(file) {
    const row = document.createElement("li");
    const name = part(row, "drop-name", file.name);
    const state = part(row, "drop-state", words.waiting);
    const said = part(row, "drop-said", "");
    row.dataset.state = "waiting";
    list.append(row);
    const entry = { file, row, name, state, said };
    entries.push(entry);
    whole.hidden = false;
    done.hidden = true;
    return entry;
  }

  function set(entry, state, said, page = "") {
    entry.row.dataset.state = state;
    entry.state.textContent = words[state];
    entry.said.textContent = said;
    if (page) {
      const link = Object.assign(document.createElement("a"), { href: page, textContent: entry.file.name });
      entry.name.replaceChildren(link);
    }
    tell();
  }

  function tell() {
    const of = (state) => entries.filter((entry) => entry.row.dataset.state === state).length;
    const read = of("understood") + of("refused");
    const refused = of("refused") ? `, ${of("refused")} refused` : "";
    count.textContent = `${read} of ${entries.length} read${refused}`;
  }

  function finish(place) {
    done.href = place.page;
    done.hidden = false;
  }

  return { add, set, tell, finish };
}

function part(row, className, text) {
  const made = Object.assign(document.createElement("span"), { className, textContent: text });
  row.append(made);
  return made;
}

function acceptDrops(form, add) {
  let depth = 0;
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragenter", (event) => carriesFiles(event) && form.classList.toggle("is-over", ++depth > 0));
  document.addEventListener("dragleave", (event) => carriesFiles(event) && form.classList.toggle("is-over", --depth > 0));
  document.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  document.addEventListener("drop", async (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0;
    form.classList.remove("is-over");
    const items = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile()).filter(Boolean);
    for (const item of items) add(await filesIn(item));
  });
}

// A folder gives its files, and those of the folders in it.
async function filesIn(item) {
  if (item instanceof File) return [item];
  if (item.isFile) return [await new Promise((keep, refuse) => item.file(keep, refuse))];
  const reader = item.createReader();
  const found = [];
  for (;;) {
    const entries = await new Promise((keep, refuse) => reader.readEntries(keep, refuse));
    if (!entries.length) return found;
    for (const entry of entries) if (!entry.name.startsWith(".")) found.push(...(await filesIn(entry)));
  }
}

function pause(seconds) {
  return new Promise((keep) => setTimeout(keep, seconds * 1000));
}
