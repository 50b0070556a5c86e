// Weighs the first load, compressed with brotli as it travels: WASM, JavaScript, CSS, one shell and one language's texts;
// the font apart. Fails over the ceiling.
import { readdirSync, readFileSync, statSync } from "node:fs";

const dist = process.argv[2] ?? "dist";
// A ratchet: it may only come down, to 190 kB first and to the aim in the end.
const ceiling = 325_000;
const aim = 150_000;
const files = readdirSync(dist);
const sum = (test) =>
  files.filter((name) => test(name)).reduce((total, name) => total + statSync(`${dist}/${name}`).size, 0);
const rows = [
  ["WASM", sum((name) => name.endsWith(".wasm.br"))],
  ["JavaScript", sum((name) => name.endsWith(".js.br"))],
  ["CSS", sum((name) => name.endsWith(".css.br"))],
  ["HTML (kk)", sum((name) => name === "index.kk.html.br")],
  ["texts (kk)", sum((name) => /^texts-kk-.*\.txt\.br$/.test(name))],
];
const total = rows.reduce((all, [, size]) => all + size, 0);
const font = readFileSync(`${dist}/index.kk.html`, "utf8").match(/fonts\/[^"']+\.woff2/)?.[0];
console.log("First load, brotli:");
for (const [name, size] of [...rows, ["in all", total]]) {
  console.log(`  ${name.padEnd(12)} ${String(size).padStart(8)} bytes`);
  if (size === 0) {
    console.error(`${name}: no such file in ${dist}`);
    process.exit(1);
  }
}
if (font) console.log(`  font         ${String(statSync(`${dist}/${font}`).size).padStart(8)} bytes (apart)`);
if (total > ceiling) {
  console.error(`The first load weighs ${total} bytes; the ceiling is ${ceiling}. What costs what: cargo bloat, ARCHITECTURE.md.`);
  process.exit(1);
}
console.log(total > aim ? `Under the ceiling of ${ceiling}, over the aim of ${aim}.` : `Under the aim of ${aim}.`);
