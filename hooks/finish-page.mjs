// After Trunk, for each of the three programs: takes the air out of the JavaScript (Trunk's own minifier doesn't understand
// it), ships the texts as one hashed file per language, makes one shell per language out of the page, and compresses
// everything that travels as text or WASM, so that the server only has to send files.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { compress } from "./compress.mjs";

const staging = process.env.TRUNK_STAGING_DIR;
if (!staging) throw new Error("run by Trunk, which sets TRUNK_STAGING_DIR");
const languages = ["kk", "ru", "en"];
const program = basename(process.env.TRUNK_HTML_FILE, ".html");
// The way in names the files of the room, and the room those of the cabinet, built before it: they are fetched while the
// person signs in, or reads.
const next = { door: "room", room: "web" }[program];
const ahead = next
  ? readdirSync("dist").filter((name) => name.startsWith(`cabinet-${next}-`) && /\.(js|wasm)$/.test(name)).map((name) => `/${name}`)
  : [];

// Where a line must not break; the same in src/texts/screen.rs, for the gallery.
const together = (text) => text.replaceAll(/(№|No\.) (?=\{)/g, "$1\u00a0").replaceAll("{size} ", "{size}\u00a0");

/** `key = text` lines, in order. */
function vocabulary(language) {
  return readFileSync(`src/texts/screen/${language}.txt`, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => {
      const at = line.indexOf("=");
      return [line.slice(0, at).trim(), together(line.slice(at + 1).trim())];
    });
}

/** The keys this program may say: all but those that only pages of the other programs name. */
function wordsOf(program) {
  const routes = readFileSync("src/browser/routes.rs", "utf8");
  const own = { door: "DOOR", room: "ROOM", index: "INSIDE" }[program];
  const pagesOf = (part) => [...part.matchAll(/pages::(\w+)::page/g)].map(([, name]) => name);
  const [before, ...tables] = routes.split("pub static ");
  const mine = tables.filter((table) => own === undefined || table.startsWith(`${own}:`));
  if (mine.length === 0) throw new Error(`src/browser/routes.rs has no table ${own}`);
  // What stands before the tables is shared by several.
  const kept = new Set(pagesOf(before + mine.join("")));
  const strangers = pagesOf(tables.join("")).filter((name) => !kept.has(name));
  const words = new Set();
  for (const name of readdirSync("src/browser", { recursive: true }).filter((name) => name.endsWith(".rs"))) {
    const stranger = strangers.find((page) => name === join("pages", `${page}.rs`));
    const source = readFileSync(join("src/browser", name), "utf8");
    if (stranger) continue;
    const leaning = strangers.find((page) => new RegExp(`${name.startsWith("pages") ? "super" : "pages"}::${page}::`).test(source));
    if (leaning && name !== "routes.rs") throw new Error(`${name} leans on the page ${leaning} of another program`);
    for (const [, key] of source.matchAll(/\bkey::([A-Z0-9_]+)/g)) words.add(key.toLowerCase());
  }
  return words;
}

const escapeHtml = (text) =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

const spoken = wordsOf(program);
let page = readFileSync(join(staging, "index.html"), "utf8");
const integrity = (content) => `sha384-${createHash("sha384").update(content).digest("base64")}`;
if (process.env.TRUNK_PROFILE !== "debug") {
  const { transformSync } = createRequire(join(process.cwd(), "end2end/package.json"))("esbuild");
  for (const name of readdirSync(staging).filter((name) => name.endsWith(".js"))) {
    const before = readFileSync(join(staging, name));
    const after = transformSync(before.toString(), { format: "esm", minify: true, target: "es2022" }).code;
    if (!page.includes(integrity(before))) throw new Error(`${name} is not named in the page by its hash`);
    page = page.replaceAll(integrity(before), integrity(after));
    writeFileSync(join(staging, name), after);
  }
}
for (const language of languages) {
  const entries = vocabulary(language);
  // A line each, empty where this program doesn't say it; the last one ends too, or an empty one would be lost.
  const content = entries.map(([key, text]) => `${spoken.has(key) ? text : ""}\n`).join("");
  const name = `texts-${language}-${createHash("sha256").update(content).digest("hex").slice(0, 16)}.txt`;
  writeFileSync(join(staging, name), content);
  const values = new Map([...entries, ["lang", language], ["texts_path", `/${name}`], ["ahead", ahead.join(",")]]);
  const shell = page.replace(/\{\{\s*([a-z0-9_]+)\s*\}\}/g, (_, key) => {
    const value = values.get(key);
    if (value === undefined) throw new Error(`public/index.html asks for {{${key}}}, which is no screen text`);
    return escapeHtml(value);
  });
  writeFileSync(join(staging, `${program}.${language}.html`), shell);
}
rmSync(join(staging, "index.html"));

const compressible = /\.(html|css|js|mjs|wasm|txt|svg|json|webmanifest|map)$/;
function compressAll(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) compressAll(path);
    else if (compressible.test(name)) compress(path);
  }
}
if (process.env.TRUNK_PROFILE !== "debug") compressAll(staging);
