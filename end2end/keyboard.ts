// A person without a mouse: what Tab comes to, and what a screen reader says there.
import { expect, type Locator, type Page } from "@playwright/test";

/** More stops than any page has: whoever needs more is caught somewhere. */
const STOPS = 90;

const holdsFocus = (place: Locator) => place.evaluateAll((all) => all.length === 1 && all[0] === document.activeElement);

/** Goes on with Tab until this has the focus, which must be seen there. */
export async function tabTo(page: Page, place: Locator, key = "Tab") {
  for (let stop = 0; stop < STOPS; stop++) {
    await page.keyboard.press(key);
    if (await holdsFocus(place)) {
      const outline = await place.evaluate((element) => {
        // A choice drawn by its label carries the outline there.
        const seen = [element, element.nextElementSibling, element.parentElement].filter((one) => one !== null);
        return seen.some((one) => {
          const style = getComputedStyle(one);
          return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        });
      });
      expect(outline, "the focus is seen").toBe(true);
      return;
    }
  }
  throw new Error(`Tab doesn't come to ${place} within ${STOPS} stops`);
}

/** Replaces what stands in the field that has the focus. */
export async function retype(page: Page, text: string) {
  await page.keyboard.press("Control+A");
  if (text) await page.keyboard.type(text);
  else await page.keyboard.press("Delete");
}
