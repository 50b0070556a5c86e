// What follows a signature, as the tests of end2end/tests/after walk it.
import { expect, type Page } from "@playwright/test";
import type { Demo } from "./fixtures";
import type { texts } from "./texts";
import { heading, openForm, people, pressEds, saved, signInByPassword, toSigning } from "./walk";

type T = ReturnType<typeof texts>;

/** Signed by EDS with another street; the page says «Рақмет!». */
export async function signStreet(page: Page, t: T, demo: Demo, who = people.aliya): Promise<string> {
  await signInByPassword(page, t, who.iin);
  await heading(page, t("record_title"));
  const street = await toSigning(page, t);
  await demo.post("ncalayer", { mode: "auto", key: who.key });
  await pressEds(page, t);
  await heading(page, t("done_title"));
  return street;
}

/** The same while whether the certificate was revoked can't be told. */
export async function signUnchecked(page: Page, t: T, demo: Demo, who = people.aliya): Promise<string> {
  await demo.post("ocsp", { mode: "down" });
  await demo.post("crl", { mode: "down" });
  // The lists fetched before are no longer fresh then.
  await demo.post("clock", { advance_seconds: 3 * 86_400 });
  const street = await signStreet(page, t, demo, who);
  await expect(page.getByText(t("state_checking")).first()).toBeVisible();
  return street;
}

/** Signed with another mobile number, which no earlier run can have left behind. Returns the number. */
export async function signMobile(page: Page, t: T, demo: Demo, who = people.erlan): Promise<string> {
  await signInByPassword(page, t, who.iin);
  await heading(page, t("record_title"));
  await openForm(page, t);
  const digits = Array.from({ length: 7 }, () => Math.floor(Math.random() * 10)).join("");
  const mobile = `+7777${digits}`;
  await page.getByLabel(t("field_mobile"), { exact: true }).fill(mobile);
  await page.getByRole("checkbox", { name: t("mobile_is_mine") }).check();
  await page.getByRole("button", { name: t("code_later") }).click();
  await saved(page, t);
  await page.getByRole("button", { name: t("panel_button") }).click();
  await heading(page, t("sign_title"));
  await demo.post("ncalayer", { mode: "auto", key: who.key });
  await pressEds(page, t);
  await heading(page, t("done_title"));
  return mobile;
}

/** The bytes behind the link of this name, asked for with the page's session. */
export async function fetched(page: Page, name: string): Promise<{ kind: string; bytes: Buffer }> {
  const link = page.getByRole("link", { name, exact: true });
  const answer = await page.request.get((await link.getAttribute("href"))!);
  expect(answer.status()).toBe(200);
  return { kind: answer.headers()["content-type"], bytes: await answer.body() };
}
