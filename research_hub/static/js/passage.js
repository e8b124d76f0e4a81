// From what is selected on the page to a passage of the source text.
// Offsets are code points, as in Python; JavaScript counts UTF-16 units, so every length is converted here.
export function codePoints(text) {
  return [...text].length;
}

// The passage under a range inside the reader: {start, end, text}, without white space at its ends; null where there is none.
export function passageOf(range, reader) {
  const parts = [...reader.querySelectorAll("[data-start]:not([hidden])")]
    .filter((piece) => range.intersectsNode(piece))
    .map((piece) => cut(piece, range))
    .filter((part) => part.text !== "");
  return parts.length === 0 ? null : trimmed(parts);
}

function cut(piece, range) {
  const all = piece.textContent;
  const from = piece.contains(range.startContainer) ? lengthUpTo(piece, range.startContainer, range.startOffset) : 0;
  const to = piece.contains(range.endContainer) ? lengthUpTo(piece, range.endContainer, range.endOffset) : all.length;
  const start = Number(piece.dataset.start);
  return {
    start: start + codePoints(all.slice(0, from)),
    end: start + codePoints(all.slice(0, to)),
    text: all.slice(from, to),
    block: piece.closest("[data-block]").dataset.block,
  };
}

function lengthUpTo(piece, node, offset) {
  const range = document.createRange();
  range.setStart(piece, 0);
  range.setEnd(node, offset);
  return range.toString().length;
}

function trimmed(parts) {
  const text = parts.map((part, index) => (index > 0 && part.block !== parts[index - 1].block ? `\n${part.text}` : part.text)).join("");
  const leading = codePoints(text.slice(0, text.length - text.trimStart().length));
  const trailing = codePoints(text.slice(text.trimEnd().length));
  const start = parts[0].start + leading;
  const end = parts.at(-1).end - trailing;
  return end > start ? { start, end, text: text.trim() } : null;
}

// The words of a paragraph as ranges, for choosing with the keyboard.
export function wordsOf(line) {
  const texts = [];
  const walker = document.createTreeWalker(line.querySelector("[data-text]"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode);
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
