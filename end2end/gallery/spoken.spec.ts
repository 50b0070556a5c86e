// What a screen reader finds in every state, in Kazakh, as text files beside this file (spoken/): names, roles, values,
// order. A changed file is looked at as a changed text is; UPDATE_SPOKEN=1 writes them anew.
import { expect, test } from "@playwright/test";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { components, nothing, pages, show } from "./stories";

const folder = fileURLToPath(new URL("spoken/", import.meta.url));
const chapters = [...new Set(components.map((id) => id.split("/")[0]))];
const sets: [string, string[]][] = [
  ...chapters.map((chapter): [string, string[]] => [chapter, components.filter((id) => id.startsWith(`${chapter}/`))]),
  ["pages", pages],
];

/** Times that run on and the build's number are none of its business. */
const steady = (text: string) => text.replace(/\b\d?\d:\d\d\b/g, "0:00").replace(/\d+\.\d+\.\d+ \([^)]*\)/g, "VERSION");

test.use({ viewport: { width: 1280, height: 900 } });

for (const [name, ids] of sets) {
  test(`${name} is spoken as written down`, async ({ page }) => {
    const parts: string[] = [];
    for (const id of ids) {
      await show(page, id);
      parts.push(`## ${id}\n\n${await page.locator("body").ariaSnapshot()}\n`);
    }
    const now = steady(parts.join("\n"));
    const file = `${folder}${name}.txt`;
    if (process.env.UPDATE_SPOKEN) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, now);
    }
    expect(now).toBe(readFileSync(file, "utf8"));
  });
}

test("no state is written down that there is no more", () => {
  const known = new Set(sets.map(([name]) => `${name}.txt`));
  nothing(existsSync(folder) ? readdirSync(folder).filter((file) => !known.has(file)) : ["spoken/"]);
});
