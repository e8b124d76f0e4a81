// A recording beside its text: a time or a highlight leads to its place in it, and what is said is marked while it plays.
const player = document.querySelector("[data-player]");
const reader = document.querySelector("[data-reader]");
const media = [...player.querySelectorAll("audio, video")];
const times = [...reader.querySelectorAll("[data-at]")].map((time) => ({ at: Number(time.dataset.at) / 1000, line: time.closest(".line").id })).sort((a, b) => a.at - b.at);
let current = media[0];
let inHand = false;

player.classList.add("is-docked");
player.querySelector("[data-player-keys]").hidden = false;
for (const each of media) {
  each.addEventListener("play", () => {
    media.forEach((other) => other !== each && other.pause());
    [current, inHand] = [each, true];
  });
  each.addEventListener("timeupdate", () => each === current && show(each.currentTime));
}
reader.addEventListener("click", (event) => {
  const time = event.target.closest("[data-at]");
  if (!time) return;
  event.preventDefault();
  goTo(Number(time.dataset.at) / 1000);
  current.play();
});
document.addEventListener("highlight-shown", (event) => {
  const at = timeOf(document.getElementById(event.detail.line));
  if (at !== null) goTo(at);
});
// Before the keys of the page: once a recording plays, k, j and l are its own, and the arrows go between paragraphs.
document.addEventListener("keydown", onKey, true);

function goTo(seconds) {
  current.currentTime = seconds;
  show(seconds);
}

// The time of a line, or of the nearest one before it that has one.
function timeOf(line) {
  for (let each = line; each; each = each.previousElementSibling) {
    const time = each.querySelector("[data-at]");
    if (time) return Number(time.dataset.at) / 1000;
  }
  return null;
}

function show(seconds) {
  const at = times.findLast((time) => time.at <= seconds + 0.05);
  const line = at && document.getElementById(at.line);
  const shown = reader.querySelector(".line.is-said");
  if (shown === line) return;
  shown?.classList.remove("is-said");
  line?.classList.add("is-said");
  if (line && !current.paused) line.scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  if (!inHand && !player.contains(event.target)) return;
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("single-keys") === "off") return;
  if (document.querySelector("dialog[open]") || event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (event.key === " " && event.target.closest("a, button, summary, audio, video")) return;
  if (event.key === " " || event.key === "k") current.paused ? current.play() : current.pause();
  else if (event.key === "j" || event.key === "l") goTo(Math.max(0, current.currentTime + (event.key === "l" ? 5 : -5)));
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}
