// For the gallery's build. `styles`: the page's style sheet and the gallery's own, with fonts found beside it, whatever
// the address. `list`: stories.json, every state by its address, for tools and tests.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const found = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1]);

if (process.argv[2] === "styles") {
  execFileSync("node", ["hooks/join-styles.mjs"]);
  const page = readFileSync("style/joined.css", "utf8").replaceAll('url("/fonts/', 'url("fonts/');
  writeFileSync("style/joined-gallery.css", page + readFileSync("style/gallery.css", "utf8"));
} else {
  const staging = process.env.TRUNK_STAGING_DIR;
  if (!staging) throw new Error("run by Trunk, which sets TRUNK_STAGING_DIR");
  const folder = "src/browser/components";
  const components = readdirSync(folder)
    .map((name) => join(folder, name, "stories.rs"))
    .filter((path) => existsSync(path))
    .flatMap((path) => {
      const source = readFileSync(path, "utf8");
      const [chapter] = found(source, /Chapter = Chapter \{\s*id: "([^"]+)"/g);
      return found(source, /Story \{\s*id: "([^"]+)"/g).map((story) => `${chapter}/${story}`);
    });
  const pages = found(readFileSync("src/browser/gallery/pages.rs", "utf8"), /(?:inside|outside)\(\s*"([^"]+)"/g);
  const stories = [...components, ...pages.map((page) => `pages/${page}`)].map((id) => ({ id, address: `?bare=1#${id}` }));
  writeFileSync(join(staging, "stories.json"), JSON.stringify({ stories }, null, 1));
}
