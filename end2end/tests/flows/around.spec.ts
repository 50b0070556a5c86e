// What stands around the pages: the shell before the program is there, and the addresses that programs ask for. The page for
// times of works is the proxy's to serve, so it is looked at in the gallery.
import { expect, test } from "../../fixtures";
import { texts, type Lang } from "../../texts";
import { heading } from "../../walk";

const languages: Lang[] = ["kk", "ru", "en"];

test.describe("a browser without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("is told so in three languages, with whom to call", async ({ page }) => {
    await page.goto("/");
    const told = page.locator("noscript .shell__trouble p");
    await expect(told).toHaveCount(3);
    for (const [index, lang] of languages.entries()) {
      await expect(told.nth(index)).toBeVisible();
      await expect(told.nth(index)).toHaveAttribute("lang", lang);
      await expect(told.nth(index).getByRole("link", { name: "1418" })).toHaveAttribute("href", "tel:1418");
    }
  });
});

test.describe("the program doesn't come", () => {
  test.use({ expectedConsole: [[/Failed to load resource|ERR_FAILED|uncaught/i], { option: true }] as any });

  test("the shell says so by itself, in three languages, and offers to load again", async ({ page }) => {
    await page.route(/cabinet-door-.*\.(wasm|js)$/, (route) => route.abort());
    await page.goto("/");
    const told = page.locator("#shell-late");
    await expect(told).toBeVisible({ timeout: 20_000 });
    await expect(page.locator("#shell-wait")).toBeHidden();
    for (const lang of languages) await expect(told.locator(`p[lang=${lang}]`)).toBeVisible();
    await page.unroute(/cabinet-door-.*\.(wasm|js)$/);
    await told.locator("p[lang=kk]").getByRole("link").first().click();
    await heading(page, texts("kk")("start_title"));
    await expect(told).toHaveCount(0);
  });
});

test("the shell is painted in the person's language, size, contrast and theme from the first", async ({ page, context, baseURL }) => {
  const cookie = (name: string, value: string) => ({ name, value, url: baseURL! });
  await context.addCookies([cookie("lang", "ru"), cookie("text", "150"), cookie("contrast", "more"), cookie("theme", "dark")]);
  // Held back, so that the shell alone is looked at.
  let go = () => {};
  const held = new Promise<void>((done) => (go = done));
  await page.route(/cabinet-door-.*\.wasm$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/", { waitUntil: "commit" });
  const root = page.locator("html");
  await expect(page.locator("#shell .header__title")).toHaveText(texts("ru")("brand"));
  await expect(root).toHaveAttribute("lang", "ru");
  for (const [name, value] of [["text", "150"], ["contrast", "more"], ["theme", "dark"]]) {
    await expect(root).toHaveAttribute(`data-${name}`, value);
  }
  const colours = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  go();
  await heading(page, texts("ru")("start_title"));
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(colours);
});

test("programs find what they look for: robots, the password's page, icons, the colour of the window", async ({ page, request, t }) => {
  const robots = await (await request.get("/robots.txt")).text();
  expect(robots).toContain("Disallow: /\n");
  expect(robots).toContain("Allow: /help$");

  await page.goto("/.well-known/change-password");
  // The settings, behind the sign-in.
  await heading(page, t("signin_title"));
  expect(new URL(page.url()).searchParams.get("next")).toBe("/settings");

  const named = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLLinkElement>("link[rel~=icon], link[rel=apple-touch-icon], link[rel=manifest]")].map((link) => link.href),
  );
  expect(named).toHaveLength(4);
  const manifest = await (await request.get("/manifest.webmanifest")).json();
  for (const address of [...named, ...manifest.icons.map(({ src }: { src: string }) => src)]) {
    expect((await request.get(address)).status(), address).toBe(200);
  }
  const colours = page.locator("meta[name=theme-color]");
  await expect(colours).toHaveCount(2);
  expect(manifest.theme_color).toMatch(/^#[0-9a-f]{6}$/);
});
