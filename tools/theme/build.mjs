// Builds what research_hub/static/vendor holds: npm install && npm run build, then commit the result.
// A user of Research Hub needs none of this; the built files and their hashes are committed.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const shipped = join(here, "../../research_hub/static/vendor");
const forTests = join(here, "../../tests/browser/vendor");
const version = (name) => JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")).version;

// Colours that govuk-frontend compiles in, by property where one colour has two meanings. Our names
// follow light, dark and the reader's own choice, so that the library does too.
const colours = {
  "#ffffff": { color: "--on-action", "background-color": "--surface" },
  "#0b0c0c": { "*": "--ink" },
  "#f3f3f3": { "*": "--sunk" },
  "#cecece": { "*": "--line" },
  "#858686": { "*": "--line-strong" },
  "#0f7a52": { "*": "--action" },
  "#0b5c3e": { "*": "--action-hover" },
  "#083d29": { color: "--ok", "box-shadow": "--action-edge" },
  "#ca3535": { "*": "--danger" },
  "#982828": { "*": "--danger-hover" },
  "#651b1b": { color: "--bad", "box-shadow": "--danger-edge" },
  "#1d70b8": { "*": "--action" },
  "#0f385c": { "*": "--decision" },
  "#f4f8fb": { "*": "--sunk" },
  "#d2e2f1": { "*": "--tint-decision" },
  "#cfe4dc": { "*": "--tint-outcome" },
  "#2a1950": { "*": "--insight" },
  "#ddd6ec": { "*": "--tint-insight" },
  "#f4d7d7": { "*": "--tint-bad" },
  "#7a3c1c": { "*": "--quote" },
  "#fde4d7": { "*": "--tint-quote" },
  "#0b4144": { "*": "--session" },
  "#d0e6e7": { "*": "--tint-session" },
  "#651b3e": { "*": "--insight" },
  "#f4d7e5": { "*": "--tint-insight" },
  "#ffee80": { "*": "--mark" },
};

function themed(css) {
  const ours = css
    .replace(/var\((--govuk-[a-z-]+-colour), #[0-9a-f]+\)/gi, "var($1)")
    .replace(/([a-z-]+):([^;{}]*#[0-9a-f]{6}[^;{}]*)/gi, (whole, property, value) =>
      `${property}:${value.replace(/#[0-9a-f]{6}/gi, (hex) => named(hex.toLowerCase(), property))}`);
  const left = ours.match(/#[0-9a-f]{3,8}(?=[;\s)}])/gi);
  if (left) throw new Error(`Colours without a name of ours: ${[...new Set(left)].join(", ")}. Add them to build.mjs.`);
  return ours;
}

function named(hex, property) {
  const meanings = colours[hex];
  const name = meanings?.[property] ?? meanings?.["*"];
  return name ? `var(${name})` : hex;
}

function minified(css) {
  return css.replace(/\n\s*/g, "\n").replace(/ \{\n/g, "{").replace(/;\n\}/g, "}").replace(/;\n/g, ";").replace(/: /g, ":");
}

function folder(root, name, packageName) {
  const path = join(root, `${name}-${version(packageName)}`);
  mkdirSync(path, { recursive: true });
  return path;
}

function vendorGovuk() {
  const into = folder(shipped, "govuk-frontend", "govuk-frontend");
  const { css } = sass.compile(join(here, "scss/govuk-frontend.scss"), { quietDeps: true });
  const notice = `/* govuk-frontend ${version("govuk-frontend")}, MIT, see LICENSE.txt. Compiled to our own theme by tools/theme/build.mjs. */\n`;
  writeFileSync(join(into, "govuk-frontend.css"), `${notice}@layer govuk{\n${minified(themed(css.replace('@charset "UTF-8";', "")))}\n}\n`);
  const script = readFileSync(join(modules, "govuk-frontend/dist/govuk/govuk-frontend.min.js"), "utf8");
  writeFileSync(join(into, "govuk-frontend.min.js"), script.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
  cpSync(join(here, "licences/govuk-frontend-LICENSE.txt"), join(into, "LICENSE.txt"));
}

function vendorFont(name, faces) {
  const packageName = `@fontsource-variable/${name}`;
  const into = folder(shipped, name, packageName);
  for (const face of faces) {
    for (const subset of ["latin", "latin-ext"]) {
      const file = `${name}-${subset}-wght-${face}.woff2`;
      cpSync(join(modules, packageName, "files", file), join(into, file));
    }
  }
  cpSync(join(modules, packageName, "LICENSE"), join(into, "LICENSE"));
}

function vendorFiles(root, name, packageName, files) {
  const into = folder(root, name, packageName);
  for (const [from, to] of Object.entries(files)) cpSync(join(modules, packageName, from), join(into, to));
}

function writeManifest(root) {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "manifest.json")
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hashes = Object.fromEntries(files.map((path) =>
    [relative(root, path), createHash("sha256").update(readFileSync(path)).digest("hex")]));
  writeFileSync(join(root, "manifest.json"), `${JSON.stringify({ sha256: hashes }, null, 2)}\n`);
}

for (const root of [shipped, forTests]) rmSync(root, { recursive: true, force: true });
vendorGovuk();
vendorFont("atkinson-hyperlegible-next", ["normal", "italic"]);
vendorFont("source-serif-4", ["normal", "italic"]);
vendorFiles(shipped, "markdown-toolbar-element", "@github/markdown-toolbar-element", { "dist/index.js": "index.js", LICENSE: "LICENSE" });
vendorFiles(forTests, "axe-core", "axe-core", { "axe.min.js": "axe.min.js", LICENSE: "LICENSE", "LICENSE-3RD-PARTY.txt": "LICENSE-3RD-PARTY.txt" });
for (const root of [shipped, forTests]) writeManifest(root);
