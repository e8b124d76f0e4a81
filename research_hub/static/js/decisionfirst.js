// Evidence for a decision while its title is typed: <section data-decision-first="/…" data-words-from="id of the title">.
// The address answers ?q=…&chosen=… with the list made by our own templates. What is ticked stays as it is, with its
// sentence. Only the count is announced, and only when it says something new.
const pause = 300;
const shortest = 4;

for (const section of document.querySelectorAll("[data-decision-first]")) offerEvidence(section);

function offerEvidence(section) {
  const title = document.getElementById(section.dataset.wordsFrom);
  const list = section.querySelector("[data-matches]");
  const count = section.querySelector("[data-matches-count]");
  let timer = 0;
  let asking = new AbortController();
  let asked = title.value.trim();

  const look = async () => {
    asking.abort();
    asking = new AbortController();
    const words = title.value.trim();
    asked = words;
    const fragment = await evidenceNear(section.dataset.decisionFirst, words, ticked(list), asking.signal);
    if (fragment) show(fragment);
  };
  const show = (fragment) => {
    for (const match of ticked(list)) fragment.querySelector(named(match))?.replaceWith(match);
    const none = list.querySelector("#none_relevant")?.checked ?? false;
    const focused = list.contains(document.activeElement) ? document.activeElement.id : "";
    list.replaceChildren(...fragment.childNodes);
    const noneNow = list.querySelector("#none_relevant");
    if (noneNow) noneNow.checked = none;
    if (focused && document.activeElement.id !== focused) document.getElementById(focused)?.focus();
    const said = fragment.dataset.count;
    if (count.textContent.trim() !== said) count.textContent = said;
  };

  title.addEventListener("input", () => {
    clearTimeout(timer);
    asking.abort();
    const words = title.value.trim();
    if (words.length >= shortest && words !== asked) timer = setTimeout(look, pause);
    // What was aborted was not shown: the same words may be asked again.
    if (words !== asked) asked = "";
  });
  section.querySelector("[data-look]").addEventListener("click", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    look();
  });
  // Whoever says why has chosen: a sentence beside an insight ticks it.
  list.addEventListener("input", (event) => {
    const match = event.target.closest("[data-match]");
    if (match && event.target.name.startsWith("because-") && event.target.value.trim()) {
      match.querySelector("[type='checkbox']").checked = true;
    }
  });
}

function ticked(list) {
  return [...list.querySelectorAll("[data-match]")].filter((match) => match.querySelector("[type='checkbox']").checked);
}

function named(match) {
  return `[data-match="${CSS.escape(match.dataset.match)}"]`;
}

async function evidenceNear(address, words, chosen, signal) {
  const query = new URLSearchParams([["q", words], ...chosen.map((match) => ["chosen", match.dataset.match])]);
  try {
    const answer = await fetch(`${address}?${query}`, { signal, headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-count]");
  } catch {
    return null; // Evidence that does not come is no error: the form works without it.
  }
}
