// Acts in the reader that leave the page open: a form is sent, the lines that changed are put in place, what was done
// is said beside its undo. Where the answer is a page, the browser goes there, as it would without this script.
const done = [];
const message = document.createElement("div");
message.className = "toast";
message.setAttribute("role", "status");
message.hidden = true;
document.body.append(message);
let going = 0;

// Sends a form, or {action, fields}. Answers what the server told, null where it was refused: then `refuse` has the reason.
// Where the server does not answer at all, `unanswered` has it.
export async function send(form, refuse = (reason) => say(reason), unanswered = refuse) {
  const body = form instanceof HTMLFormElement ? new FormData(form) : withToken(form.fields);
  try {
    const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body });
    if (answer.redirected) return location.assign(answer.url);
    const told = await answer.json();
    if (!answer.ok) return refuse(told.detail ?? "This was not stored.") ?? null;
    putInPlace(told.lines);
    return told;
  } catch {
    unanswered("Not stored: the server does not answer. What you wrote is still here; try again.");
    return null;
  }
}

// What was just done, beside the way back.
export function sayDone(told) {
  done.push(told.undo);
  say(told.told, "Undo", undoLast);
}

// Undoes the last act of this page; then the one that the page came with.
export async function undoLast() {
  const last = done.pop();
  if (!last) return document.querySelector(".banner form button[type='submit']")?.click();
  const told = await send({ action: last.href, fields: last.fields }, undefined, () => {
    done.push(last);
    say("Not undone: the server does not answer.", "Try again", undoLast);
  });
  if (told) say(told.told);
  document.dispatchEvent(new CustomEvent("lines-changed", { detail: told }));
}

export function say(words, label = "", act = null) {
  clearTimeout(going);
  const text = Object.assign(document.createElement("span"), { textContent: words });
  message.replaceChildren(text);
  if (act) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: label });
    button.addEventListener("click", act);
    message.append(" ", button);
  }
  message.hidden = false;
  // With something to press in it a message stays; WCAG 2.2.1 gives nobody too little time.
  if (!act) going = setTimeout(hush, 6000);
}

export function hush() {
  message.hidden = true;
}

function putInPlace(html) {
  for (const line of new DOMParser().parseFromString(html ?? "", "text/html").querySelectorAll(".line")) {
    const old = document.getElementById(line.id);
    if (!old) continue;
    const fresh = document.adoptNode(line);
    const body = fresh.querySelector(".line-body");
    const focused = old.contains(document.activeElement);
    body.tabIndex = old.querySelector(".line-body").tabIndex;
    old.replaceWith(fresh);
    if (focused) body.focus({ preventScroll: true });
  }
}

function withToken(fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set("csrf_token", document.querySelector("input[name='csrf_token']")?.value ?? "");
  return body;
}
