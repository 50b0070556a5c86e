// The last step of the page's build: gives it its name, `20261129T174500-3fa9c2d1`, the moment in UTC (SOURCE_DATE_EPOCH
// where it is set) and a hash of its files' names. Later builds are greater as text, and git isn't needed. The shells tell
// it to the page, build.txt to the server, whose every answer carries it.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compress } from "./compress.mjs";

const dist = process.argv[2] ?? "dist";
const seconds = process.env.SOURCE_DATE_EPOCH;
const at = seconds ? new Date(Number(seconds) * 1000) : new Date();
const moment = at.toISOString().replace(/[-:]|\.\d+Z/g, "");
const names = readdirSync(dist).filter((name) => /-[0-9a-f]{8,}/.test(name) && !/\.(br|gz)$/.test(name)).sort();
const build = `${moment}-${createHash("sha256").update(names.join("\n")).digest("hex").slice(0, 8)}`;

const shells = readdirSync(dist).filter((name) => /^\w+\.(kk|ru|en)\.html$/.test(name));
for (const name of shells) {
  const path = join(dist, name);
  const shell = readFileSync(path, "utf8");
  // Where it stands, the page has no build yet: finish-page.mjs leaves it for this step.
  if (!shell.includes("BUILD-TO-COME")) throw new Error(`${path} has no place for the build's name`);
  writeFileSync(path, shell.replaceAll("BUILD-TO-COME", build));
  if (existsSync(`${path}.br`)) compress(path);
}
if (shells.length !== 9) throw new Error(`${dist} has ${shells.length} shells, not nine`);
writeFileSync(join(dist, "build.txt"), `${build}\n`);
console.log(`build: ${build}`);
