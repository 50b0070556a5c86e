// However the page looks, a phone must be able to read the code off it: density, width, theme, zoom, forced colours.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "../../fixtures";
import { SIGNED, atTheCode, picture, readStrictly, scan } from "../../qr";
import { heading, people } from "../../walk";

type Mode = { use?: object; window?: (width: number, height: number) => { width: number; height: number } };

const modes: Record<string, Mode> = {
  "as it is": {},
  "at double density": { use: { deviceScaleFactor: 2 } },
  "320 px wide": { window: () => ({ width: 320, height: 640 }) },
  "in the dark theme": { use: { colorScheme: "dark" } },
  // Zooming makes the window smaller, in its own pixels, and each of them larger.
  "zoomed to 200 %": {
    use: { deviceScaleFactor: 2 },
    window: (width, height) => ({ width: Math.max(320, width / 2), height: height / 2 }),
  },
  "in forced colours": { use: { contextOptions: { forcedColors: "active" } } },
  "in forced dark colours": { use: { colorScheme: "dark", contextOptions: { forcedColors: "active" } } },
};

for (const [name, { use, window }] of Object.entries(modes)) {
  test.describe(() => {
    if (use) test.use(use);

    test(`the phone reads the code off a picture of the page ${name}, and signs @demo`, async ({ page, demo, t }) => {
      const usual = page.viewportSize()!;
      if (window) await page.setViewportSize(window(usual.width, usual.height));
      const person = people.qaharman;
      const code = await atTheCode(page, t, person);

      const box = (await code.boundingBox())!;
      expect(box.width).toBeGreaterThanOrEqual(256);
      expect(box.width).toBeLessThanOrEqual(320);
      expect(box.height).toBeCloseTo(box.width, 0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);

      const png = await picture(page, code);
      expect(await readStrictly(page, code)).toMatch(/^mobileSign:http:\/\/127\.0\.0\.1:\d+\/s\/[\w-]{22}\/mgovSign$/);
      const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
      expect(found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id} ${node.target}`))).toEqual([]);

      const outcome = await scan(demo, png, person.key);
      expect(outcome).toMatchObject({ result: "done", message: SIGNED, statuses: [200, 200, 200] });
      await heading(page, t("done_title"));
      await expect(page.getByText(SIGNED).first()).toBeVisible();
      await expect(page.getByRole("link", { name: t("done_document") })).toBeVisible();
    });
  });
}

test.describe(() => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("a printed page still carries a code that can be read @demo", async ({ page, demo, t }) => {
    const code = await atTheCode(page, t, people.qaharman);
    await page.emulateMedia({ media: "print" });
    const png = await picture(page, code);
    expect(await readStrictly(page, code)).toMatch(/^mobileSign:/);
    expect(await scan(demo, png, people.qaharman.key)).toMatchObject({ result: "done" });
  });
});
