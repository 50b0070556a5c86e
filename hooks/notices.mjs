// Gathers the licence notices of every crate and npm package that travels with the program, and of the font, into
// dist/notices.txt: each text once, below the names of those it covers.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync, brotliCompressSync } from "node:zlib";

const dist = process.argv[2] ?? "dist";
const metadata = JSON.parse(
  execFileSync("cargo", ["metadata", "--format-version=1", "--locked", "--offline", "--features", "embed"], {
    maxBuffer: 1 << 28,
  }),
);
// Only what a program is built from: normal and build dependencies of the features shipped, for both targets.
const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]));
const shipped = new Set();
const walk = (id) => {
  if (shipped.has(id)) return;
  shipped.add(id);
  for (const dep of nodes.get(id).deps) if (dep.dep_kinds.some((kind) => kind.kind !== "dev")) walk(dep.pkg);
};
walk(metadata.resolve.root);

const texts = new Map();
const without = [];
for (const pkg of metadata.packages) {
  if (!shipped.has(pkg.id) || pkg.id === metadata.resolve.root) continue;
  const folder = dirname(pkg.manifest_path);
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice|unlicense)/i.test(name));
  const title = `${pkg.name} ${pkg.version} (${pkg.license ?? "see text"})`;
  if (files.length === 0) without.push(title);
  for (const file of files.sort()) {
    let content;
    try {
      content = readFileSync(join(folder, file), "utf8").replace(/\r/g, "").trim();
    } catch {
      continue; // a folder of that name
    }
    if (!texts.has(content)) texts.set(content, new Set());
    texts.get(content).add(title);
  }
}
for (const file of ["public/fonts/OFL.txt", "assets/OFL.txt", "assets/fonts/OFL.txt"]) {
  if (existsSync(file)) {
    const content = readFileSync(file, "utf8").trim();
    if (!texts.has(content)) texts.set(content, new Set());
    texts.get(content).add("Onest, the typeface (OFL-1.1)");
  }
}
const rule = "-".repeat(100);
const parts = [...texts].map(([content, names]) => `${[...names].sort().join("\n")}\n${rule}\n${content}\n`);
const bare = without.length ? `Declared in their manifests, without a text of their own:\n${without.sort().join("\n")}\n` : "";
const all = `What the cabinet is made of, and under which terms.\n\n${bare}\n${parts.join(`\n${rule}\n`)}`;
writeFileSync(join(dist, "notices.txt"), all);
writeFileSync(join(dist, "notices.txt.gz"), gzipSync(all, { level: 9 }));
writeFileSync(join(dist, "notices.txt.br"), brotliCompressSync(all));
console.log(`notices: ${shipped.size - 1} crates, ${texts.size} texts`);
