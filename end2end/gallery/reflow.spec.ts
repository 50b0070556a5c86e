// Low vision and paper: text at 200 %, the window at 400 % (1280 px become 320), both without sideways scrolling; and
// what is printed.
import { expect, test } from "@playwright/test";
import { nothing, overflowing, pages, show } from "./stories";

for (const [name, width, text] of [
  ["a 320 px window, which is 1280 px at 400 %", 320, ""],
  ["text at 200 % in a 320 px window", 320, "200"],
  ["text at 200 % in a 1280 px window", 1280, "200"],
] as const) {
  test(`pages fold: ${name}`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    const found: string[] = [];
    for (const id of pages) {
      await show(page, id, { lang: "kk", text });
      found.push(...(await overflowing(page)).map((trouble) => `${id}: ${trouble}`));
    }
    nothing(found);
  });
}

for (const lang of ["kk", "ru", "en"]) {
  for (const width of [1140, 1152, 1280]) {
    test(`the header keeps its words whole: ${lang}, ${width} px`, async ({ page }) => {
      await page.setViewportSize({ width, height: 800 });
      const found: string[] = [];
      for (const id of ["header/signed_in", "header/long_name"]) {
        await show(page, id, { lang });
        found.push(...(await overflowing(page)).map((trouble) => `${id}: ${trouble}`));
        const words = page.locator(".header__link, .header__who .button__words, .display__word, .languages__link");
        const folded = await words.evaluateAll((all) =>
          all
            .filter((one) => {
              const range = document.createRange();
              range.selectNodeContents(one);
              return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1;
            })
            .map((one) => one.textContent),
        );
        found.push(...folded.map((text) => `${id}: «${text}» takes two lines`));
        const ends = await page.locator(".header__tools > *").evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map(({ top, bottom }) => ({ top, bottom })));
        if (Math.max(...ends.map(({ top }) => top)) >= Math.min(...ends.map(({ bottom }) => bottom))) found.push(`${id}: the languages stand below the display`);
      }
      nothing(found);
    });
  }
}

test("on paper stands the content alone, black on white, within an A4 sheet", async ({ page }) => {
  // 210 mm less 16 mm on both sides.
  await page.setViewportSize({ width: 672, height: 950 });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const found: string[] = [];
  for (const id of ["pages/record", "pages/sign", "pages/done", "pages/applications", "pages/privacy"]) {
    await show(page, id, { theme: "dark" });
    found.push(...(await overflowing(page)).map((trouble) => `${id}: ${trouble}`));
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("navigation")).toHaveCount(0);
    const seen = await page.locator("button:visible, .header__tools:visible, .skip-link:visible").allInnerTexts();
    found.push(...seen.map((words) => `${id}: printed «${words}»`));
    const colours = await page.evaluate(() => {
      const style = getComputedStyle(document.body);
      return `${style.color} on ${style.backgroundColor}`;
    });
    expect(colours).toBe("rgb(0, 0, 0) on rgb(255, 255, 255)");
  }
  nothing(found);
});
