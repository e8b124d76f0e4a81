// A record's page shows what is related in place: <section data-related-url="…"> holds a link until the list has come.
for (const place of document.querySelectorAll("[data-related-url]")) show(place);

async function show(place) {
  const came = await fetch(place.dataset.relatedUrl, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!came?.ok || came.redirected) return; // The link stays, and leads to the same list.
  const section = new DOMParser().parseFromString(await came.text(), "text/html").querySelector("#related");
  if (section) place.replaceWith(section);
}
