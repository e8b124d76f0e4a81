// Loaded on every page. Each module enhances what it finds; without JavaScript everything still works.
// A module is asked for by the address in data-modules, so that it runs once and is never an old copy.
const enhancements = {
  reader: "[data-reader]",
  player: "[data-player]",
  notes: "[data-foresee]",
  autosave: "[data-autosave-url]",
  tagpicker: "[data-tags]",
  suggest: "[data-suggest-url]",
  decisionfirst: "[data-decision-first]",
  similar: "[data-similar-url]",
  comments: "[data-comments-url]",
  related: "[data-related-url]",
  follow: "[data-follow-url]",
  board: "[data-board]",
  codebook: "[data-codebook], [data-split]",
  copy: "[data-copy]",
  findings: "[data-offers]",
  dropfiles: "[data-drop-files]",
  markdown: "textarea[data-markdown]",
  livelog: "[data-live-log]",
  livelog_outbox: ".account",
  passkey: "[data-passkey]",
  tray: "[data-tray-form], [data-tray-list], [data-copy-from]",
  shortcuts: "body",
};
const { modules } = document.querySelector("script[data-modules]").dataset;
const addresses = JSON.parse(modules);

document.body.classList.add("js-enabled", "govuk-frontend-supported");
const arriving = Object.entries(enhancements)
  .filter(([, selector]) => document.querySelector(selector))
  .map(([name]) => import(new URL(addresses[name], document.baseURI)));
if (document.querySelector("[data-module^='govuk-']")) {
  arriving.push(import("../vendor/govuk-frontend-6.6.0/govuk-frontend.min.js").then(({ initAll }) => initAll()));
}
// Browser tests wait for <html data-enhanced>: from then on every key and button answers.
Promise.allSettled(arriving).then(() => (document.documentElement.dataset.enhanced = ""));
closeMenuOnEscape();
unfoldFacets();
forgetDraftThatWasSaved();

function closeMenuOnEscape() {
  const menu = document.querySelector("details.account");
  menu?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (menu?.open && !menu.contains(event.target)) menu.open = false;
  });
}

// Where there is room the facets stand open, also in browsers that cannot be told so by a style sheet alone.
function unfoldFacets() {
  const room = matchMedia("(min-width: 901px)");
  const fit = () => document.querySelectorAll("details.facets").forEach((facets) => (facets.open = room.matches));
  room.addEventListener("change", fit);
  fit();
}

// A form that was sent leaves its copy in this browser until the next page shows that the server took it.
function forgetDraftThatWasSaved() {
  const sent = sessionStorage.getItem("sent-draft");
  if (!sent) return;
  const status = performance.getEntriesByType("navigation")[0]?.responseStatus;
  const again = document.querySelector(`[data-autosave-url="${CSS.escape(sent)}"]`);
  if (status >= 200 && status < 400 && !again) localStorage.removeItem(`draft:${sent}`);
  sessionStorage.removeItem("sent-draft");
}
