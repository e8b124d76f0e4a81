// A small toolbar above <textarea data-markdown>: the marks that a note needs, for people who do not know Markdown.
import "../vendor/markdown-toolbar-element-2.2.3/index.js";

const tools = [
  ["md-header", "Heading", "H"],
  ["md-bold", "Bold", "B"],
  ["md-italic", "Italic", "I"],
  ["md-quote", "Quote", "“ ”"],
  ["md-unordered-list", "List", "• –"],
  ["md-ordered-list", "Numbered list", "1."],
  ["md-link", "Link", "Link"],
];

for (const textarea of document.querySelectorAll("textarea[data-markdown]")) {
  const toolbar = document.createElement("markdown-toolbar");
  toolbar.setAttribute("for", textarea.id);
  toolbar.setAttribute("role", "toolbar");
  toolbar.setAttribute("aria-label", "Text marks");
  toolbar.className = "markdown-tools";
  for (const [name, label, sign] of tools) {
    const tool = document.createElement(name);
    tool.setAttribute("aria-label", label);
    tool.setAttribute("title", label);
    tool.textContent = sign;
    toolbar.append(tool);
  }
  textarea.before(toolbar);
}
