// For the gallery's build. `styles`: the page's style sheet and the gallery's own, with fonts found beside it, whatever
// the address. `list`: stories.json, every state by its address, for tools and tests.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const found = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1]);

/** What travels for a first visit, in kilobytes as compressed; the page may not have been built yet. */
function weights() {
  if (!existsSync("dist/.built")) return "The page isn’t built: make page tells what it weighs.";
  const files = readdirSync("dist").filter((name) => name.endsWith(".br"));
  const sum = (...patterns) => {
    const counted = files.filter((name) => patterns.some((pattern) => pattern.test(name)));
    return Math.round(counted.reduce((all, name) => all + statSync(join("dist", name)).size, 0) / 1000);
  };
  const styles = /^joined-.*\.css/;
  const texts = (page) => new RegExp(found(readFileSync(join("dist", page), "utf8"), /(texts-kk-[0-9a-f]+)/g)[0]);
  const whole = (program, page) => sum(new RegExp(`^cabinet-${program}-`), new RegExp(`^${page}`), styles, texts(page));
  const [door, room, web] = [whole("door", "door.kk.html"), whole("room", "room.kk.html"), whole("web", "index.kk.html")];
  return `Now, with brotli: the way in ${door} kB, the room ${room} kB, the cabinet ${web} kB, of these the styles ${sum(styles)} kB.`;
}

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
      let chapter;
      const declared = readFileSync(path, "utf8").matchAll(/\b(Chapter|Story) \{\s*id: "([^"]+)"/g);
      return [...declared].flatMap(([, what, id]) => {
        if (what === "Story") return `${chapter}/${id}`;
        chapter = id;
        return [];
      });
    });
  const pages = found(readFileSync("src/browser/gallery/pages.rs", "utf8"), /(?:inside|outside|after|qr!|agent!|step!|refused_key!|refused_signature!)\(\s*"([^"]+)"/g);
  const stories = [...components, ...pages.map((page) => `pages/${page}`)].map((id) => ({ id, address: `?bare=1#${id}` }));
  // Files of their own beside the program.
  for (const [, id, file] of readFileSync("src/browser/gallery/shelf.rs", "utf8").matchAll(/\("(\w+)", "(\w+\.html)"\)/g)) {
    stories.push({ id: `pages/${id}`, address: file });
  }
  const index = join(staging, "index.html");
  const told = readFileSync(index, "utf8").replace('name="weights" content=""', `name="weights" content="${weights()}"`);
  writeFileSync(index, told);
  writeFileSync(join(staging, "stories.json"), JSON.stringify({ stories }, null, 1));
}
