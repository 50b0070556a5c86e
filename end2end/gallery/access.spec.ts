// Every state in every language and two widths: axe finds nothing against WCAG 2.2 AA, nothing sticks out sideways and
// nothing is cut off.
import { test, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { components, nothing, overflowing, pages, show, type Knobs } from "./stories";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

async function violations(page: Page): Promise<string[]> {
  return page.evaluate(async (tags) => {
    const results = await (window as any).axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
    return results.violations.flatMap((rule: any) =>
      rule.nodes.map((node: any) => `${rule.id}: ${node.html.slice(0, 120)} (${node.any[0]?.message ?? rule.help})`),
    );
  }, TAGS);
}

async function check(page: Page, ids: string[], knobs: Knobs) {
  await page.addInitScript(axe);
  const found: string[] = [];
  page.on("pageerror", (error) => found.push(`uncaught: ${error.message}`));
  for (const id of ids) {
    await show(page, id, knobs);
    if (id === "dialog/to_open") await page.getByRole("button").first().click();
    if (id === "combobox/with_suggestions") await page.getByRole("combobox").press("ArrowDown");
    if (id === "header/signed_in") await page.locator(".display summary").click();
    if (id === "live/to_show") {
      await page.getByRole("button").first().click();
      await page.locator(".toast").waitFor();
    }
    const troubles = [...(await violations(page)), ...(await overflowing(page))];
    found.push(...troubles.map((trouble) => `${id}: ${trouble}`));
  }
  nothing(found);
}

for (const width of [360, 1280]) {
  for (const lang of ["kk", "ru", "en"]) {
    test.describe(`${lang}, ${width} px`, () => {
      test.use({ viewport: { width, height: 900 } });
      test("components", ({ page }) => check(page, components, { lang }));
      test("pages", ({ page }) => check(page, pages, { lang }));
    });
  }
}

test.describe("dark", () => {
  test.use({ viewport: { width: 360, height: 900 } });
  test("components", ({ page }) => check(page, components, { theme: "dark" }));
  test("pages", ({ page }) => check(page, pages, { theme: "dark", lang: "ru" }));
});

test.describe("texts twice as long", () => {
  test.use({ viewport: { width: 360, height: 900 } });
  test("components", ({ page }) => check(page, components, { long: "1" }));
});
