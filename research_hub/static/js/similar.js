// While a claim is typed, insights that say something alike: <input data-similar-url="/…" data-similar-into="region">.
// The address answers with a fragment of HTML; its buttons send this form elsewhere.
const pause = 400;
const shortest = 8;

for (const input of document.querySelectorAll("[data-similar-url]")) offer(input);

function offer(input) {
  const region = document.getElementById(input.dataset.similarInto);
  const { quotes, similar_seen: seen } = input.form.elements;
  let timer = 0;
  let asking = new AbortController();

  const ask = () => {
    clearTimeout(timer);
    asking.abort();
    timer = setTimeout(async () => {
      asking = new AbortController();
      const claim = input.value.trim();
      if (claim.length < shortest) return region.replaceChildren();
      const asked = new URLSearchParams({ claim, quotes: quotes?.value ?? "" });
      const found = await fragment(`${input.dataset.similarUrl}?${asked}`, asking.signal);
      if (!found) return;
      region.replaceChildren(...found);
      if (seen && region.querySelector(".similar")) seen.value = "1";
    }, pause);
  };
  input.addEventListener("input", ask);
  quotes?.addEventListener("change", ask);
  if (input.value.trim()) ask();
}

async function fragment(address, signal) {
  try {
    const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes;
  } catch {
    return null; // What does not come is no error: the same is said before publishing.
  }
}
