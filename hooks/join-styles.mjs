// Joins the style sheets into one file, in the order of the cascade layers (style/tokens.css names them): Trunk neither
// bundles @import nor can it keep an order among many links.
import { readdirSync, readFileSync, writeFileSync, existsSync } from "node:fs";

const folder = (name) =>
  existsSync(`style/${name}`)
    ? readdirSync(`style/${name}`)
        .filter((file) => file.endsWith(".css"))
        .sort()
        .map((file) => `style/${name}/${file}`)
    : [];
const single = (name) => (existsSync(`style/${name}.css`) ? [`style/${name}.css`] : []);

const files = [
  ...single("tokens"),
  ...single("base"),
  ...folder("components"),
  ...single("pages"),
  ...folder("pages"),
];
const joined = files.map((file) => readFileSync(file, "utf8").trimEnd()).join("\n\n") + "\n";
if (!existsSync("style/joined.css") || readFileSync("style/joined.css", "utf8") !== joined) {
  writeFileSync("style/joined.css", joined);
}
