// From what is selected on the page to a passage of the source text.
// A line says at which code point it begins, and holds the whole source from there: what is shown, and its markup unseen.
// So a place in the page is a place in the text. Offsets are code points, as in Python; JavaScript counts UTF-16 units.
export function codePoints(text) {
  let length = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= 0xd800 && unit < 0xdc00) length -= 1;
  }
  return length;
}

// The passage under a range inside the reader: {start, end, text}, without white space at its ends; null where there is none.
export function passageOf(range, reader) {
  const parts = linesIn(range, reader).flatMap((line) => partsOf(line, range));
  return parts.length === 0 ? null : trimmed(parts);
}

function linesIn(range, reader) {
  const from = closest(range.startContainer, "[data-text]");
  if (from && from === closest(range.endContainer, "[data-text]")) return [from];
  return [...reader.querySelectorAll("[data-text]")].filter((line) => range.intersectsNode(line));
}

function partsOf(line, range) {
  const parts = [];
  let at = Number(line.dataset.start);
  for (const node of textsOf(line)) {
    if (!node.parentElement.hidden && range.intersectsNode(node)) {
      const from = node === range.startContainer ? range.startOffset : 0;
      const to = node === range.endContainer ? range.endOffset : node.length;
      if (to > from) parts.push({ start: at + codePoints(node.data.slice(0, from)), end: at + codePoints(node.data.slice(0, to)), text: node.data.slice(from, to), line });
    }
    at += codePoints(node.data);
  }
  return parts;
}

// All text of a line that is text of the source; a gap is only for the eye.
function textsOf(line) {
  const texts = [];
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!walker.currentNode.parentElement.matches(".gap")) texts.push(walker.currentNode);
  return texts;
}

function trimmed(parts) {
  const text = parts.map((part, index) => (index > 0 && part.line !== parts[index - 1].line ? `\n${part.text}` : part.text)).join("");
  const leading = codePoints(text.slice(0, text.length - text.trimStart().length));
  const trailing = codePoints(text.slice(text.trimEnd().length));
  const start = parts[0].start + leading;
  const end = parts.at(-1).end - trailing;
  return end > start ? { start, end, text: text.trim() } : null;
}

// The words of a paragraph as ranges, for choosing with the keyboard.
export function wordsOf(line) {
  const texts = textsOf(line.querySelector("[data-text]")).filter((node) => !node.parentElement.hidden);
  const whole = texts.map((node) => node.data).join("");
  return [...whole.matchAll(/\S+/gu)].map((match) => {
    const range = document.createRange();
    range.setStart(...placeAt(texts, match.index, false));
    range.setEnd(...placeAt(texts, match.index + match[0].length, true));
    return range;
  });
}

function placeAt(texts, index, asEnd) {
  let before = 0;
  for (const node of texts) {
    const inside = index - before;
    if (inside < node.length || (asEnd && inside === node.length)) return [node, inside];
    before += node.length;
  }
  const last = texts.at(-1);
  return [last, last.length];
}

function closest(node, selector) {
  return (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(selector) ?? null;
}
