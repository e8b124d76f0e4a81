// A record's page shows its comments in place: <section data-comments-url="…"> holds a link until they have come.
for (const place of document.querySelectorAll("[data-comments-url]")) show(place);

async function show(place) {
  const came = await fetch(place.dataset.commentsUrl, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!came?.ok || came.redirected) return; // The link stays, and leads to the same comments.
  const section = new DOMParser().parseFromString(await came.text(), "text/html").querySelector("#comments");
  if (!section) return;
  place.replaceWith(section);
  const named = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
  if (named && section.contains(named)) named.scrollIntoView();
}
