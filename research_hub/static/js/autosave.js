// Drafts: <form data-autosave-url> sends {"fields": {name: value or [values]}} as JSON every ten seconds and when the
// page is left. Until the server has answered, a copy stays in this browser and is offered after a crash.
const every = 10_000;

for (const form of document.querySelectorAll("form[data-autosave-url]")) keepDraftsOf(form);

function keepDraftsOf(form) {
  const url = form.dataset.autosaveUrl;
  const key = `draft:${url}`;
  const status = statusOf(form);
  let last = JSON.stringify(fieldsOf(form));
  offerCopy(form, key, last, status);

  const send = async () => {
    const now = JSON.stringify(fieldsOf(form));
    if (now === last) return;
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields: JSON.parse(now) }));
    try {
      const answer = await fetch(url, { method: "POST", keepalive: now.length < 60_000, headers: headersOf(form), body: `{"fields":${now}}` });
      if (!answer.ok) throw new Error(String(answer.status));
      last = now;
      if (JSON.stringify(fieldsOf(form)) === now) localStorage.removeItem(key);
      status.textContent = `Draft saved ${clock(new Date())}`;
    } catch {
      status.textContent = "Not saved on the server yet. A copy is kept in this browser.";
    }
  };

  form.addEventListener("input", () => {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields: fieldsOf(form) }));
  });
  form.addEventListener("submit", () => {
    clearInterval(timer);
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields: fieldsOf(form) }));
    sessionStorage.setItem("sent-draft", url);
    last = JSON.stringify(fieldsOf(form));
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send());
  window.addEventListener("pagehide", send);
  const timer = setInterval(send, every);
}

function offerCopy(form, key, shown, status) {
  const copy = JSON.parse(localStorage.getItem(key) ?? "null");
  if (!copy || JSON.stringify(copy.fields) === shown) return localStorage.removeItem(key);
  const banner = document.createElement("div");
  banner.className = "banner banner-warning";
  banner.setAttribute("role", "region");
  banner.setAttribute("aria-label", "Kept copy");
  const words = document.createElement("p");
  words.textContent = `What you wrote here at ${clock(new Date(copy.at))} was kept in this browser and did not reach the server.`;
  banner.append(words, button("Put it back", () => {
    putBack(form, copy.fields);
    status.textContent = "Put back. It is saved with the next change or when you save the form.";
    banner.remove();
  }), button("Forget it", () => {
    localStorage.removeItem(key);
    banner.remove();
  }));
  form.before(banner);
}

function putBack(form, fields) {
  for (const element of form.elements) {
    if (!(element.name in fields)) continue;
    const values = [fields[element.name]].flat();
    if (element.type === "checkbox" || element.type === "radio") element.checked = values.includes(element.value);
    else if (element.multiple) [...element.options].forEach((option) => (option.selected = values.includes(option.value)));
    else element.value = values[0];
  }
}

function fieldsOf(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (name === "csrf_token" || typeof value !== "string" || form.elements[name]?.type === "password") continue;
    fields[name] = name in fields ? [fields[name], value].flat() : value;
  }
  return fields;
}

function headersOf(form) {
  return { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrf_token?.value ?? "" };
}

function statusOf(form) {
  const found = form.querySelector("[data-saved]");
  if (found) return found;
  const made = Object.assign(document.createElement("p"), { className: "saved" });
  made.setAttribute("role", "status");
  form.append(made);
  return made;
}

function button(words, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: words });
  made.addEventListener("click", act);
  return made;
}

function clock(date) {
  return date.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}
