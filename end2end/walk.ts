// The ways a person takes, each once, so that the tests read as stories.
import { expect, test, type Page } from "@playwright/test";
import { Demo } from "./fixtures";
import type { texts } from "./texts";

type T = ReturnType<typeof texts>;

/** Of the demo's people; more at /control/people. Synthetic, like their numbers. */
export const people = {
  /** Two valid documents; the Fund holds an older card and address. */
  aliya: { iin: "990101390009", key: "aliya-gost", rsaKey: "aliya-rsa" },
  /** One valid document, the same at the Fund. */
  erlan: { iin: "850412390011", key: "erlan-gost" },
  /** No patronymic. */
  viktoria: { iin: "920708490022", key: "viktoria-gost" },
  /** Every Kazakh letter in the name. */
  qaharman: { iin: "781117390035", key: "qaharman-gost" },
  /** The Fund holds values of former times. */
  alexander: { iin: "701001390119", key: "alexander-gost" },
  /** GBD FL reports a death. */
  dauren: { iin: "560911390053", key: "dauren-gost" },
  /** Incapacitated by a court. */
  arman: { iin: "730630390062", key: "arman-gost" },
  /** Limited capacity. */
  maqsat: { iin: "681205390072", key: "maqsat-gost" },
  /** The IIN is excluded from GBD FL. */
  marat: { iin: "640122390120", key: "marat-gost" },
  /** No valid document. */
  aigerim: { iin: "010617690143", key: "aigerim-gost" },
  /** The name differs from the Fund's. */
  natalia: { iin: "870319490086", key: "natalia-gost" },
  /** A foreigner's residence permit. */
  elena: { iin: "810225490044" },
  /** Of the national test keys. */
  testov: { iin: "123456789011", key: "national-individual-valid" },
  /** Nobody knows this one; the control digit fits. */
  unknown: { iin: "990101391804" },
};
export const PASSWORD = "Demo-kabinet-2026";

export async function heading(page: Page, name: string) {
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible({ timeout: 20_000 });
}

/** In a browser that this person had remembered: no code is asked for. The second step has tests of its own. */
export async function remembered(page: Page, iin: string, demo = new Demo()) {
  const { name, value } = await demo.post("remember", { iin });
  await page.context().addCookies([{ name, value, url: process.env.BASE_URL ?? test.info().project.use.baseURL!, httpOnly: true, sameSite: "Strict" }]);
}

export async function signInByPassword(page: Page, t: T, iin: string, password = PASSWORD, demo = new Demo()) {
  await remembered(page, iin, demo);
  await typePassword(page, t, iin, password);
}

export async function typePassword(page: Page, t: T, iin: string, password = PASSWORD) {
  await page.goto("/sign-in");
  await heading(page, t("signin_title"));
  await page.getByLabel(t("signin_iin"), { exact: true }).fill(iin);
  await page.getByLabel(t("signin_password"), { exact: true }).fill(password);
  await page.getByRole("button", { name: t("signin_button"), exact: true }).click();
}

export async function signInByEds(page: Page, t: T, demo: Demo, key: string) {
  await demo.post("ncalayer", { mode: "auto", key });
  await page.goto("/sign-in");
  await heading(page, t("signin_title"));
  await page.getByRole("button", { name: t("signin_eds_button") }).click();
  await heading(page, t("record_title"));
}

/** From «Қызметтер» to the form's page, over the consent unless it was given before. The form may be refused there. */
export async function toForm(page: Page, t: T) {
  await page.goto("/services");
  await heading(page, t("services_title"));
  await page.getByRole("link", { name: t("services_begin") }).click();
  const consent = page.getByRole("heading", { level: 1, name: t("consent_title") });
  const form = page.getByRole("heading", { level: 1, name: t("form_title") });
  await expect(consent.or(form)).toBeVisible({ timeout: 20_000 });
  if (await consent.isVisible()) {
    await page.getByRole("checkbox", { name: t("consent_box") }).check();
    await page.getByRole("button", { name: t("consent_agree") }).click();
  }
  await expect(form).toBeVisible({ timeout: 20_000 });
}

/** The same, and the form is there to be filled. */
export async function openForm(page: Page, t: T) {
  await toForm(page, t);
  await expect(page.getByRole("heading", { level: 2, name: t("block_address") })).toBeVisible({ timeout: 20_000 });
}

/** Another street, checked: the ways to sign are next. Returns the street. */
export async function toSigning(page: Page, t: T): Promise<string> {
  await openForm(page, t);
  const street = aStreet();
  await page.getByLabel(t("field_street"), { exact: true }).fill(street);
  await saved(page, t);
  await page.getByRole("button", { name: t("panel_button") }).click();
  await heading(page, t("sign_title"));
  return street;
}

export async function saved(page: Page, t: T) {
  const word = t("save_saved").split("{")[0];
  await expect(page.getByText(new RegExp(`${word}.*\\d\\d:\\d\\d`)).first()).toBeVisible();
}

/** A street whose name no earlier run can have left behind. */
export function aStreet(): string {
  const letters = "абвгдежзклмнопрст";
  const name = Array.from({ length: 8 }, () => letters[Math.floor(Math.random() * letters.length)]).join("");
  return `${name[0].toUpperCase()}${name.slice(1)} көшесі`;
}

/** On the page of signing: chooses EDS, if that isn't done yet, and presses. */
export async function pressEds(page: Page, t: T) {
  const press = page.getByRole("button", { name: t("sign_eds"), exact: true });
  const storage = page.getByLabel(t("eds_storage"), { exact: true });
  if (!(await storage.isVisible())) await press.click();
  await expect(storage).toBeVisible();
  await press.click();
}

/** The form with nothing of earlier runs in it. */
export async function openFreshForm(page: Page, t: T) {
  await openForm(page, t);
  const over = page.getByRole("button", { name: t("form_start_over"), exact: true });
  if (!(await over.isVisible())) return;
  await over.click();
  await page.getByRole("button", { name: t("form_start_over_yes") }).click();
  await expect(over).toBeHidden();
}

/** A mobile number of Kazakhstan that no earlier run can have proven, as people write it and in E.164. */
export function aMobile(): { typed: string; e164: string } {
  const digits = String(Math.floor(Math.random() * 10_000_000)).padStart(7, "0");
  const [a, b, c] = [digits.slice(0, 3), digits.slice(3, 5), digits.slice(5)];
  return { typed: `8 705 ${a} ${b} ${c}`, e164: `+7705${digits}` };
}

/** The code in the newest message to this contact. */
export async function codeFor(demo: Demo, contact: string): Promise<string> {
  let code: string | undefined;
  await expect
    .poll(async () => {
      const messages: { to: string; text: string }[] = await demo.get("inbox/messages.json");
      code = messages.find((message) => message.to === contact)?.text.match(/(?<!\d)\d{6}(?!\d)/)?.[0];
      return code;
    }, { timeout: 15_000 })
    .toBeTruthy();
  return code!;
}
