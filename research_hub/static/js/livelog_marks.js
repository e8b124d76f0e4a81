// The marks of one line, for showing them while one types. The server's parser (insights/capture/live_log/marks.py)
// decides; both are held to the cases of tests/domain/capture/live_log_lines.json.
const mostTags = 30;
const longestStep = 120;
const longestTag = 400;
const deepest = 20;
const longestCode = 20;

// White space as Python knows it, without the controls.
const space = /[\t\n \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;
const controls = /(?![\t\n])\p{Cc}|\p{Cs}/gu;
const tokens = /#["“”][^"“”]+["”][.,;:!?)]*(?= |$)|[^ ]+/gu;
const tagToken = /^#(?:["“”]([^"“”]+)["“”]|([^"“”]+?))[.,;:!?)/]*$/u;
const participantToken = /^@([A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)[.,;:!?)]*$/u;
const severities = { "!": 1, "!!": 2, "!!!": 3 };
const polarities = { "+": 1, "-": -1, "−": -1 };

export function cleanLine(text) {
  const kept = text.normalize("NFC").replace(/\r\n?/g, "\n").replace(controls, "");
  return kept.split(space).filter(Boolean).join(" ");
}

export function parseLine(text) {
  const marks = { words: [], tags: [], participant: null, severity: null, polarity: null };
  for (const token of cleanLine(text).match(tokens) ?? []) {
    if (!takeTag(marks, token) && !takeParticipant(marks, token) && !takeSeverity(marks, token)) marks.words.push(token);
  }
  marks.polarity = takePolarity(marks.words);
  return { ...marks, words: marks.words.join(" ") };
}

export function clockTime(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

// How a tag of the codebook is typed: quoted where it would end too early.
export function tagAsTyped(path) {
  const typed = `#${path}`;
  return tagOf(typed) === path ? typed : `#"${path}"`;
}

function takeTag(marks, token) {
  const name = tagOf(token);
  if (name === null) return false;
  if (marks.tags.some((tag) => tag.toLowerCase() === name.toLowerCase())) return true;
  if (marks.tags.length === mostTags) return false;
  marks.tags.push(name);
  return true;
}

function takeParticipant(marks, token) {
  const code = codeOf(token);
  if (code === null || (marks.participant !== null && marks.participant !== code)) return false;
  marks.participant = code;
  return true;
}

function takeSeverity(marks, token) {
  if (!Object.hasOwn(severities, token)) return false;
  marks.severity = Math.max(severities[token], marks.severity ?? 0);
  return true;
}

function tagOf(token) {
  const found = tagToken.exec(token);
  if (!found) return null;
  const [, quoted, plain] = found;
  const steps = (quoted ?? plain).split("/").map((step) => step.trim());
  const path = steps.filter(Boolean).join("/");
  if (!path || lengthOf(path) > longestTag || steps.some((step) => lengthOf(step) > longestStep)) return null;
  if (path.split("/").length > deepest || !/^\p{L}/u.test(path)) return null;
  if (quoted === undefined && (!/^[-_/\p{L}\p{M}\p{N}]+$/u.test(path) || isColour(path))) return null;
  return path;
}

function isColour(name) {
  if (![3, 4, 6, 8].includes(name.length) || !/^[0-9A-Fa-f]+$/.test(name)) return false;
  if (/[0-9]/.test(name)) return true;
  const letters = [...name.toLowerCase()];
  if (letters.length <= 4) return new Set(letters).size === 1;
  return letters.every((letter, index) => index % 2 === 0 || letter === letters[index - 1]);
}

function codeOf(token) {
  const found = participantToken.exec(token);
  if (!found) return null;
  const code = found[1].toUpperCase();
  return (code.startsWith("P-") || /[0-9]/.test(code)) && code.length <= longestCode ? code : null;
}

function takePolarity(words) {
  if (words.length === 0) return null;
  const [first] = words;
  const last = words.at(-1);
  if (first === "+" && words.length > 1) {
    words.shift();
    return 1;
  }
  if (Object.hasOwn(polarities, first[0]) && /^["'“‘«„]*\p{L}/u.test(first.slice(1))) {
    words[0] = first.slice(1);
    return polarities[first[0]];
  }
  if (Object.hasOwn(polarities, last)) {
    words.pop();
    return polarities[last];
  }
  return null;
}

function lengthOf(text) {
  return [...text].length;
}
