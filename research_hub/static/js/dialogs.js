// Dialogs of the reader: at the selection, and with a form of another page in them.
const addresses = JSON.parse(document.querySelector("script[data-modules]").dataset.modules);
const [{ send }, { offerTags }] = await Promise.all(
  ["inplace", "tagpicker"].map((name) => import(new URL(addresses[name], document.baseURI))),
);

// Shows the forms of a page that may stand in a dialog; `after` is given what the server told. Without any it goes there.
export async function openPage(address, after) {
  const page = await fetch(address, { headers: { Accept: "text/html" } }).then((answer) => answer.ok && answer.text()).catch(() => null);
  const parsed = page && new DOMParser().parseFromString(page, "text/html");
  const forms = [...(parsed?.querySelectorAll("form[data-in-dialog]") ?? [])].map((each) => document.adoptNode(each));
  if (forms.length === 0) return location.assign(address);
  const title = Object.assign(document.createElement("h2"), { textContent: parsed.querySelector("h1")?.textContent ?? "" });
  const dialog = makeDialog(title.textContent, title, ...forms);
  const goBack = wayBackTo(document.activeElement);
  dialog.addEventListener("close", () => {
    dialog.remove();
    goBack();
  });
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    const told = await send(event.target, (reason) => refuse(event.target, reason));
    if (!told) return;
    dialog.close();
    after(told);
  });
  dialog.querySelectorAll("input[data-tags]").forEach(offerTags);
  dialog.showModal();
  dialog.querySelector("input:not([type='hidden']), textarea").focus();
}

export function makeDialog(label, ...content) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", label);
  dialog.append(...content);
  document.body.append(dialog);
  return dialog;
}

// Gives the focus back to what had it. Where its line was put in place anew meanwhile, to that line.
export function wayBackTo(element) {
  const line = element?.closest(".line")?.id;
  return () => {
    const there = element?.isConnected ? element : document.getElementById(line)?.querySelector(".line-body");
    there?.focus({ preventScroll: true });
  };
}

export function refuse(place, reason) {
  place.querySelector("[data-refused]")?.remove();
  const words = Object.assign(document.createElement("p"), { className: "govuk-error-message", textContent: reason });
  words.dataset.refused = "";
  words.setAttribute("role", "alert");
  place.querySelector("button[type='submit']").before(words);
  // Something personal was found: the form has a field for why it may stand, which is asked for from now on.
  if (reason.includes("may stand")) place.querySelector("[data-may-stand]")?.removeAttribute("hidden");
}

// Below the words it is about, else above them, so that they can be read; a style sheet puts it at the foot of a small
// screen. `top` is that of the words, `end` the box of their last line.
export function standAt(dialog, { top, end }) {
  if (window.innerWidth < 700) return;
  dialog.classList.add("at-selection");
  const lowest = window.innerHeight - dialog.offsetHeight - 8;
  const [below, above] = [end.bottom + 10, top - dialog.offsetHeight - 10];
  dialog.style.top = `${Math.max(8, below <= lowest || above < 8 ? Math.min(below, lowest) : above)}px`;
  dialog.style.left = `${Math.max(8, Math.min(end.left, window.innerWidth - dialog.offsetWidth - 16))}px`;
}
