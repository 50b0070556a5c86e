// The states the gallery's build lists, and how to bring one of them on. Components are switched within the loaded page
// by the fragment; a page of the product takes the address over, so each is loaded by itself.
import { expect, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const list = fileURLToPath(new URL("../../dist-gallery/stories.json", import.meta.url));

const addresses = new Map<string, string>(
  JSON.parse(readFileSync(list, "utf8")).stories.map(({ id, address }: { id: string; address: string }) => [id, address]),
);
export const stories = [...addresses.keys()];
export const pages = stories.filter((id) => id.startsWith("pages/"));
export const components = stories.filter((id) => !id.startsWith("pages/"));

export type Knobs = { lang?: string; theme?: string; text?: string; contrast?: string; long?: string };

/** Brings a state on; the knobs are those of the gallery's address. */
export async function show(page: Page, id: string, knobs: Knobs = {}) {
  const file = addresses.get(id)!;
  // A page without the program stands once it is loaded.
  if (!file.startsWith("?")) return void (await page.goto(`/${file}`));
  const query = new URLSearchParams({ bare: "1", motion: "off", ...knobs }).toString();
  const address = `/index.html?${query}#${id}`;
  const here = page.url();
  const within = !id.startsWith("pages/") && here.includes(`/index.html?${query}#`);
  if (within) await page.evaluate((fragment) => (location.hash = fragment), id);
  else await page.goto(address);
  await page.waitForFunction((expected) => document.documentElement.dataset.story === expected, id, { timeout: 20_000 });
  await page.evaluate(() => document.fonts.ready);
}

/** What sticks out sideways, or is cut off: `tag.class: words`. */
export function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const found: string[] = [];
    const name = (element: Element) =>
      `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}: ${(element.textContent ?? "").trim().slice(0, 40)}`;
    if (document.documentElement.scrollWidth > width) found.push(`the page is ${document.documentElement.scrollWidth} px wide, its window ${width}`);
    for (const element of document.body.querySelectorAll<HTMLElement>("*")) {
      if (element.closest("[hidden], .skip-link, svg, dialog:not([open])")) continue;
      const style = getComputedStyle(element);
      // Words for the ear alone.
      if (style.position === "absolute" && style.clipPath !== "none") continue;
      const scrolls = ["auto", "scroll"].includes(style.overflowX);
      if (!scrolls && style.overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1 && element.tagName !== "INPUT") found.push(`cut off, ${name(element)}`);
      const box = element.getBoundingClientRect();
      if (box.width > 0 && box.right > width + 1) {
        let within = element.parentElement;
        while (within && !["auto", "scroll"].includes(getComputedStyle(within).overflowX)) within = within.parentElement;
        if (!within) found.push(`sticks out by ${Math.round(box.right - width)} px, ${name(element)}`);
      }
    }
    return found;
  });
}

/** Fails once, with everything that was found. */
export function nothing(found: string[]) {
  expect(found.join("\n"), "found").toBe("");
}
