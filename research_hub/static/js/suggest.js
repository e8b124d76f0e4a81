// While one types, what we already know: <input data-suggest-url="/…" data-suggest-into="id of a region">.
// The address answers ?q=… with a fragment of HTML made by our own templates.
const pause = 300;
const shortest = 4;

for (const input of document.querySelectorAll("[data-suggest-url]")) suggestFor(input);

function suggestFor(input) {
  const region = document.getElementById(input.dataset.suggestInto);
  if (!region) return;
  region.setAttribute("aria-live", "polite");
  let timer = 0;
  let asking = new AbortController();

  input.addEventListener("input", () => {
    clearTimeout(timer);
    asking.abort();
    timer = setTimeout(async () => {
      asking = new AbortController();
      const words = input.value.trim();
      if (words.length < shortest) return region.replaceChildren();
      const found = await fragment(`${input.dataset.suggestUrl}?${new URLSearchParams({ q: words })}`, asking.signal);
      if (found) region.replaceChildren(...found);
    }, pause);
  });
}

async function fragment(address, signal) {
  try {
    const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes;
  } catch {
    return null; // A suggestion that does not come is no error: the form works without it.
  }
}
