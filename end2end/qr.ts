// The way to the code on the screen, and eyes for it.
import { expect, type Locator, type Page } from "@playwright/test";
import jsQR from "jsqr";
import type { Demo } from "./fixtures";
import type { texts } from "./texts";
import { aStreet, heading, openFreshForm, saved, signInByPassword } from "./walk";

type T = ReturnType<typeof texts>;

/** The words of the guide, on page and phone. */
export const SIGNED = "Қол қою сәтті аяқталды";

/** Signs in, changes the street, freezes, chooses QR. What an earlier test has left in the form is put aside first. */
export async function atTheCode(page: Page, t: T, person: { iin: string }): Promise<Locator> {
  await signInByPassword(page, t, person.iin);
  await heading(page, t("record_title"));
  await openFreshForm(page, t);
  await page.getByLabel(t("field_street"), { exact: true }).fill(aStreet());
  const email = page.getByLabel(t("field_email"), { exact: true });
  if ((await email.inputValue()) === "") {
    await email.fill("qol@example.kz");
    await page.getByRole("button", { name: t("code_later") }).click();
  }
  await saved(page, t);
  await page.getByRole("button", { name: t("panel_button") }).click();
  await heading(page, t("sign_title"));
  await page.getByRole("button", { name: t("sign_qr") }).click();
  await heading(page, t("qr_title"));
  return theCode(page, t);
}

export async function theCode(page: Page, t: T): Promise<Locator> {
  const code = page.getByRole("img", { name: t("qr_alt") });
  await expect(code).toBeVisible();
  return code;
}

/** What the person's phone is held at: the window as it is, the code scrolled into it. PNG, base64. */
export async function picture(page: Page, code: Locator): Promise<string> {
  await code.scrollIntoViewIfNeeded();
  return (await page.screenshot()).toString("base64");
}

/** Another reader than the demo phone's, as strict as phones are: one that doesn't turn light into dark. It looks at the code
 *  and a little of the page around it. */
export async function readStrictly(page: Page, code: Locator): Promise<string | undefined> {
  const box = (await code.boundingBox())!;
  const around = 12;
  const clip = { x: box.x - around, y: box.y - around, width: box.width + 2 * around, height: box.height + 2 * around };
  const png = await page.screenshot({ clip });
  const blank = await page.context().newPage();
  const shades = await blank.evaluate(async (png) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width;
    canvas.height = image.height;
    const drawing = canvas.getContext("2d")!;
    drawing.drawImage(image, 0, 0);
    const pixels = drawing.getImageData(0, 0, image.width, image.height).data;
    let text = "";
    for (let at = 0; at < pixels.length; at += 4) text += String.fromCharCode((pixels[at] + pixels[at + 1] + pixels[at + 2]) / 3);
    return { base64: btoa(text), width: image.width, height: image.height };
  }, png.toString("base64"));
  await blank.close();
  const pixels = new Uint8ClampedArray(4 * shades.width * shades.height);
  Buffer.from(shades.base64, "base64").forEach((shade, at) => pixels.set([shade, shade, shade, 255], 4 * at));
  return jsQR(pixels, shades.width, shades.height, { inversionAttempts: "dontInvert" })?.data;
}

export function scan(demo: Demo, png: string, key: string, behaviour = "sign") {
  return demo.post("phone/scan", { png_base64: png, key, lang: "kk", behaviour });
}

/** The number to compare, as the page shows it. */
export async function number(page: Page): Promise<string> {
  const shown = page.getByRole("main").getByText(/^\d{4}$/);
  await expect(shown).toBeVisible();
  return (await shown.textContent())!;
}

/** What the browser does when the person comes back to the page. */
export function comeBack(page: Page) {
  return page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
}
