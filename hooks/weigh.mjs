// Weighs what is loaded before the first page stands, and before the others stand for a person who comes by a link,
// compressed with brotli as it travels: WASM, JavaScript, CSS, one shell and one language's texts; the font apart. Fails
// over the ceiling.
import { readdirSync, readFileSync, statSync } from "node:fs";

const dist = process.argv[2] ?? "dist";
const ceilings = { door: 150_000, room: 190_000, web: 198_000 };
const names = {
  door: "First load (the way in)",
  room: "The room, nothing loaded before",
  web: "The form and signing, nothing loaded before",
};
const files = readdirSync(dist);
const sum = (test) =>
  files.filter((name) => test(name)).reduce((total, name) => total + statSync(`${dist}/${name}`).size, 0);
const font = readFileSync(`${dist}/index.kk.html`, "utf8").match(/fonts\/[^"']+\.woff2/)?.[0];
let failed = false;
for (const [program, ceiling] of Object.entries(ceilings)) {
  const shell = program === "web" ? "index.kk.html.br" : `${program}.kk.html.br`;
  // Each program has the words its own pages say.
  const texts = readFileSync(`${dist}/${shell.replace(".br", "")}`, "utf8").match(/texts-kk-[0-9a-f]+\.txt/)?.[0];
  const rows = [
    ["WASM", sum((name) => name.startsWith(`cabinet-${program}-`) && name.endsWith(".wasm.br"))],
    ["JavaScript", sum((name) => name.startsWith(`cabinet-${program}-`) && name.endsWith(".js.br"))],
    ["CSS", sum((name) => name.endsWith(".css.br"))],
    ["HTML (kk)", sum((name) => name === shell)],
    ["texts (kk)", sum((name) => name === `${texts}.br`)],
  ];
  const total = rows.reduce((all, [, size]) => all + size, 0);
  console.log(`${names[program]}, brotli:`);
  for (const [name, size] of [...rows, ["in all", total]]) {
    console.log(`  ${name.padEnd(12)} ${String(size).padStart(8)} bytes`);
    if (size === 0) {
      console.error(`${name}: no such file in ${dist}`);
      failed = true;
    }
  }
  if (total > ceiling) {
    console.error(`${total} bytes; the ceiling is ${ceiling}. What costs what: ARCHITECTURE.md, «Weight».`);
    failed = true;
  }
}
if (font) console.log(`The font, apart: ${statSync(`${dist}/${font}`).size} bytes`);
process.exit(failed ? 1 : 0);
