// While notes are edited: what saving them would make of the highlights, told after a pause.
// <form data-foresee="address"> with a place for the words: [data-foreseen].
const pause = 900;

for (const form of document.querySelectorAll("form[data-foresee]")) foresee(form);

function foresee(form) {
  const place = form.querySelector("[data-foreseen]");
  let timer = 0;
  let asking = new AbortController();
  form.addEventListener("input", () => {
    clearTimeout(timer);
    asking.abort();
    timer = setTimeout(async () => {
      asking = new AbortController();
      try {
        const answer = await fetch(form.dataset.foresee, { method: "POST", headers: { Accept: "application/json" }, body: new FormData(form), signal: asking.signal });
        const told = await answer.json();
        place.textContent = told.told ?? told.detail ?? "";
      } catch {
        // What is foreseen is a help: without it the form works as before.
      }
    }, pause);
  });
}
