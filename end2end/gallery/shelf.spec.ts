// The gallery's own page, as a designer uses it: everything the product is made of is there, found by a search, seen
// through the knobs, with what must hold, its code and the page's weight.
import { expect, test } from "@playwright/test";
import { components, nothing, pages, stories } from "./stories";

/** A chapter, or one state of a chapter, for every component the product is made of. */
const PARTS = [
  "button/primary", "button/links", "text-field", "phone-field", "code-field", "password-field", "select", "combobox",
  "radio-cards", "checkbox", "error-summary", "notice/info", "notice/banner", "block/block", "block/panel", "steps",
  "facts/summary", "change-list", "dialog", "tabs", "table", "progress/half", "progress/skeleton", "live", "qr-card",
  "countdown", "language-switch", "header/signed_in", "footer/with_error_code", "page",
];

test("every component and every page is there, each state at its own address", async ({ page }) => {
  nothing(PARTS.filter((part) => !components.some((id) => id === part || id.startsWith(`${part}/`))));
  expect(new Set(stories).size).toBe(stories.length);
  await page.goto("/");
  await expect(page.locator(".gallery__index a").first()).toBeVisible();
  const listed = await page.locator(".gallery__index a").evaluateAll((links) => links.map((link) => link.getAttribute("href")!.slice(1)));
  nothing(stories.filter((id) => !listed.includes(id)).map((id) => `${id} is not in the index`));
  nothing(listed.filter((id) => id.includes("/") && !stories.includes(id)).map((id) => `${id} is not in stories.json`));
  await expect(page.locator(".gallery__main")).toContainText(/Now, with brotli: the way in [1-9]\d+ kB|The page isn’t built/);
});

test("the search finds components and states of pages by any part of their names", async ({ page }) => {
  await page.goto("/");
  const found = page.locator(".gallery__contents a:visible");
  const search = page.getByRole("searchbox", { name: "search" });
  await search.fill("qr expired");
  await expect(found).toHaveText(["pages sign qr expired"]);
  await found.click();
  await expect(page.frameLocator("iframe").locator("h1")).toBeVisible();
  // A page that comes up in the frame takes the keyboard, now and then in the middle of the word.
  await expect(async () => {
    await search.fill("toast");
    await expect(found).toHaveText(["Toast"], { timeout: 1_000 });
  }).toPass({ timeout: 10_000 });
  await search.fill("");
  await expect(found).toHaveCount(1 + new Set(components.map((id) => id.split("/")[0])).size);
});

test("a chapter says what must hold and shows the code of each state; knobs change all of them", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto("/#code-field");
  await expect(page.getByRole("heading", { level: 1, name: "Code field" })).toBeVisible();
  await expect(page.locator(".gallery__criteria li")).toHaveCount(3);
  await expect(page.getByRole("textbox", { name: "SMS-тегі код" })).toHaveCount(3);
  const code = page.locator(".gallery__story details").first();
  await code.locator("summary").click();
  await expect(code.locator("code")).toContainText("fn code_sent()");
  const root = page.locator("html");
  for (const [knob, value, attribute] of [["theme", "dark", "data-theme"], ["contrast", "more", "data-contrast"], ["text", "200", "data-text"], ["width", "320", "data-width"], ["motion", "off", "data-motion"]]) {
    await page.getByRole("navigation", { name: "knobs" }).getByRole("link", { name: value, exact: true }).first().click();
    await expect(root).toHaveAttribute(attribute, value);
    expect(new URL(page.url()).searchParams.get(knob)).toBe(value);
  }
  await page.getByRole("navigation", { name: "knobs" }).getByRole("link", { name: "ru", exact: true }).click();
  await expect(page.getByRole("textbox", { name: "Код из SMS" })).toHaveCount(3);
  await page.getByRole("navigation", { name: "knobs" }).getByRole("link", { name: "double", exact: true }).click();
  await expect(page.getByRole("textbox", { name: "Код из SMS Код из SMS" })).toHaveCount(3);
});

test("every state of a page stands in its frame", async ({ page }) => {
  expect(pages.length).toBeGreaterThan(50);
  await page.goto("/#pages/maintenance");
  await expect(page.frameLocator("iframe").getByRole("heading", { level: 1 })).toBeVisible();
  await page.goto("/#pages/record");
  await expect(page.frameLocator("iframe").getByRole("heading", { level: 1, name: "Менің деректемелерім" })).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the page for times of works stands while nothing else of the site does, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 320, height: 640 });
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto("/unavailable.html");
    expect(asked.filter((path) => path !== "/favicon.ico")).toEqual(["/unavailable.html"]);
    for (const lang of ["kk", "ru", "en"]) {
      await expect(page.locator(`:lang(${lang}):has(> a[href="tel:1418"])`)).toBeVisible();
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(ground).toBe(colorScheme === "dark" ? "rgb(13, 21, 30)" : "rgb(244, 246, 244)");
  });
}
