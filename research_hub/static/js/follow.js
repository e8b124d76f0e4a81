// A record's page shows whether its reader follows it: <div data-follow-url="…"> holds the button until that has come.
for (const place of document.querySelectorAll("[data-follow-url]")) show(place);

async function show(place) {
  const came = await fetch(place.dataset.followUrl, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!came?.ok || came.redirected) return; // The button stays, and follows whatever comes.
  const state = new DOMParser().parseFromString(await came.text(), "text/html").querySelector(".follow");
  if (state && !state.matches("[data-follow-url]")) place.replaceWith(state);
}
