// How a line of the live log looks: the same as templates/capture/live_lines.html writes it.
const { modules } = document.querySelector("script[data-modules]").dataset;
const { clockTime, parseLine } = await import(new URL(JSON.parse(modules).livelog_marks, document.baseURI));
const severities = { 1: "minor", 2: "serious", 3: "stops people" };

// `line` as the server tells it, with `waiting` and `problem` of this browser; `me` is the member's number.
export function lineElement(line, me) {
  const { element: _element, ...told } = line;
  const own = line.observer_id === me;
  const item = make("li", { className: "live-line" });
  item.dataset.lineKey = line.key;
  item.dataset.typedMs = line.typed_ms;
  item.toggleAttribute("data-waiting", Boolean(line.waiting));
  item.toggleAttribute("data-late", Boolean(line.late));
  const time = make("span", { className: "live-time" }, clockTime(told.at_ms));
  if (line.deleted) {
    item.classList.add("is-deleted");
    item.append(time, make("span", { className: "live-body muted" }, "Deleted."), ...(own ? [act("undo", "Undo", told)] : []));
    return item;
  }
  const marked = parseLine(line.text);
  const words = make("span", { className: "voice live-words", dir: "auto" }, marked.words);
  const body = make("span", { className: "live-body" }, words, ...marksOf(marked));
  if (line.late) body.append(chip("came in after the end", "live-late"));
  if (line.problem) body.append(make("span", { className: "live-problem" }, `Not stored: ${line.problem}`));
  else if (line.waiting) body.append(make("span", { className: "live-waits" }, "waits"));
  item.append(time, body, make("span", { className: "live-who" }, line.observer));
  if (own) item.append(actsOf(line));
  return item;
}

export function marksOf(marked) {
  const chips = marked.participant ? [chip(marked.participant, "live-person")] : [];
  chips.push(...marked.tags.map((tag) => chip(tag, "")));
  if (marked.severity) chips.push(chip(severities[marked.severity], "live-severity"));
  if (marked.polarity) chips.push(chip(marked.polarity > 0 ? "speaks for it" : "a problem", "live-polarity"));
  return chips.flatMap((each) => [" ", each]);
}

function actsOf(line) {
  const acts = make("span", { className: "live-acts" }, act("edit", "Edit", line), act("delete", "Delete", line));
  if (line.problem) acts.append(act("forget", "Forget it", line));
  return acts;
}

function act(name, words, line) {
  const button = make("button", { type: "button", className: "link-button" }, words, hidden(` the line of ${clockTime(line.at_ms)}`));
  button.dataset.lineAct = name;
  return button;
}

function chip(words, kind) {
  return make("span", { className: `tag ${kind}`.trim(), dir: "auto" }, words);
}

function hidden(words) {
  return make("span", { className: "govuk-visually-hidden" }, words);
}

function make(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
