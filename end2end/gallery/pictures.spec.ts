// How a few states look, pixel by pixel, for the major versions of Chromium there are pictures of (pictures/); where every
// box stands, for any version (boxes/). The typeface comes with the page, so both are the same on every machine.
// UPDATE_PICTURES=1 records this browser's pictures and the boxes anew.
import { expect, test } from "@playwright/test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { nothing, show } from "./stories";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const record = Boolean(process.env.UPDATE_PICTURES);
/** Fonts are drawn by the same code everywhere, but a line may break a hair's breadth elsewhere. */
const NEAR = 2;

const flagged = [
  ["page/form", "light"],
  ["page/form", "dark"],
  ["page/signing", "light"],
  ["steps/step_2", "light"],
  ["header/signed_in", "light"],
  ["notice/error", "light"],
] as const;

type Box = { what: string; x: number; y: number; width: number; height: number };

for (const [id, theme] of flagged) {
  for (const width of [360, 1280]) {
    const name = `${id.replace("/", "-")}-${theme}-${width}`;
    test(name, async ({ page, browser }) => {
      await page.setViewportSize({ width, height: 800 });
      await show(page, id, { theme });
      const boxes: Box[] = await page.evaluate(() =>
        [...document.querySelectorAll(".gallery-bare [class]")].map((element) => {
          const { x, y, width, height } = element.getBoundingClientRect();
          const round = (value: number) => Math.round(value * 2) / 2;
          return { what: element.getAttribute("class") ?? "", x: round(x), y: round(y), width: round(width), height: round(height) };
        }),
      );
      const major = browser.version().split(".")[0];
      const [boxFile, picture] = [here(`boxes/${name}.json`), `pictures/${major}/${name}.png`];
      if (record) {
        mkdirSync(here("boxes/"), { recursive: true });
        mkdirSync(here(`pictures/${major}/`), { recursive: true });
        writeFileSync(boxFile, `[\n${boxes.map((box) => JSON.stringify(box)).join(",\n")}\n]\n`);
        writeFileSync(here(picture), await page.screenshot({ fullPage: true, animations: "disabled", caret: "hide" }));
      }
      const kept: Box[] = JSON.parse(readFileSync(boxFile, "utf8"));
      expect(boxes.map((box) => box.what)).toEqual(kept.map((box) => box.what));
      const moved = boxes.filter((box, index) => (["x", "y", "width", "height"] as const).some((side) => Math.abs(box[side] - kept[index][side]) > NEAR));
      nothing(moved.map((box) => JSON.stringify(box)));
      if (existsSync(here(picture))) {
        await expect(page).toHaveScreenshot([`pictures`, major, `${name}.png`], { fullPage: true, maxDiffPixelRatio: 0.002 });
      }
    });
  }
}
