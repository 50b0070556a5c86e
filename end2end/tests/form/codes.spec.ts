import type { Page } from "@playwright/test";
import { expect, test } from "../../fixtures";
import { aMobile, codeFor, heading, openFreshForm, people, saved, signInByPassword } from "../../walk";

// The browser itself notes every answer of 4xx in its console.
test.use({ expectedConsole: [[/status of (422|429)/], { option: true }] as any });

type T = (key: string, values?: Record<string, string>) => string;

async function withNewMobile(page: Page, t: T, iin: string, mobile: string) {
  await signInByPassword(page, t, iin);
  await heading(page, t("record_title"));
  await openFreshForm(page, t);
  await page.getByLabel(t("field_mobile"), { exact: true }).fill(mobile);
  await page.getByRole("checkbox", { name: t("mobile_is_mine") }).check();
}

const toSign = (page: Page, t: T) => page.getByRole("button", { name: t("panel_button") });

test("a new mobile number is proven by the code of an SMS @demo", async ({ page, demo, t }) => {
  const mobile = aMobile();
  await withNewMobile(page, t, people.erlan.iin, mobile.typed);
  // Until then the panel says what is missing, and leads there.
  await expect(page.getByRole("link", { name: t("name_mobile_code").toLowerCase() })).toBeVisible();
  await page.getByRole("button", { name: t("code_send") }).click();
  const field = page.getByLabel(t("code_field"), { exact: true });
  await expect(field).toBeFocused();
  const code = await codeFor(demo, mobile.e164);
  await field.fill(String((Number(code) + 1) % 1_000_000).padStart(6, "0"));
  await page.getByRole("button", { name: t("code_confirm"), exact: true }).click();
  await expect(page.getByText(t("code_wrong", { left: "4" })).first()).toBeVisible();
  await field.fill(code);
  await page.getByRole("button", { name: t("code_confirm"), exact: true }).click();
  await expect(page.getByText(t("code_proven"), { exact: true }).first()).toBeVisible();
  await saved(page, t);
  await page.reload();
  await expect(page.getByText(t("code_proven"), { exact: true }).first()).toBeVisible();
  await toSign(page, t).click();
  await heading(page, t("sign_title"));
  await expect(page.getByText(t("sign_unproven").split("{")[0])).toBeHidden();
});

test("a new e-mail address is proven by the code of a letter @demo", async ({ page, demo, t }) => {
  const address = `new${Date.now()}@example.kz`;
  await signInByPassword(page, t, people.viktoria.iin);
  await heading(page, t("record_title"));
  await openFreshForm(page, t);
  await page.getByLabel(t("field_email"), { exact: true }).fill(address);
  await page.getByRole("button", { name: t("code_send") }).click();
  await page.getByLabel(t("code_field"), { exact: true }).fill(await codeFor(demo, address));
  await page.getByRole("button", { name: t("code_confirm"), exact: true }).click();
  await expect(page.getByText(t("code_proven"), { exact: true }).first()).toBeVisible();
  await saved(page, t);
  await toSign(page, t).click();
  await heading(page, t("sign_title"));
});

test("«Кейін растаймын»: it goes on, and the page to check says so @demo", async ({ page, demo, t }) => {
  const mobile = aMobile();
  await withNewMobile(page, t, people.qaharman.iin, mobile.typed);
  // This person has no e-mail address at the Fund.
  await page.getByLabel(t("field_postcode")).fill("101400");
  await page.getByRole("checkbox", { name: t("no_email") }).check();
  // Inactive, and says what is missing all the same.
  await toSign(page, t).press("Enter");
  await expect(page.getByRole("link", { name: t("miss_mobile_code") })).toBeVisible();
  await page.getByRole("button", { name: t("code_later") }).click();
  await expect(page.getByText(t("code_unproven"))).toBeVisible();
  await saved(page, t);
  await toSign(page, t).click();
  await heading(page, t("sign_title"));
  const told = t("sign_unproven", { contacts: t("field_mobile").toLowerCase() });
  await expect(page.getByText(told)).toBeVisible();
});

test("after two minutes of waiting it goes on by itself @demo", async ({ page, demo, t }) => {
  // The hourglass alone runs faster: the page's waits of two minutes and more end within seconds.
  await page.addInitScript(() => {
    const wait = window.setTimeout;
    (window as any).setTimeout = (act: TimerHandler, ms = 0, ...more: unknown[]) =>
      wait(act, ms >= 120_000 ? ms / 40 : ms, ...more);
  });
  await withNewMobile(page, t, people.erlan.iin, aMobile().typed);
  await page.getByRole("button", { name: t("code_send") }).click();
  await expect(page.getByLabel(t("code_field"), { exact: true })).toBeFocused();
  await expect(toSign(page, t)).toHaveAttribute("aria-disabled", "true");
  await expect(page.getByText(t("code_unproven"))).toBeVisible();
  await expect(toSign(page, t)).not.toHaveAttribute("aria-disabled", "true");
  // The code that comes late after all still proves it.
  await expect(page.getByLabel(t("code_field"), { exact: true })).toBeVisible();
  await saved(page, t);
  await toSign(page, t).click();
  await heading(page, t("sign_title"));
  const told = t("sign_unproven", { contacts: t("field_mobile").toLowerCase() });
  await expect(page.getByText(told)).toBeVisible();
});

test("another number needs another code, one abroad needs none @demo", async ({ page, demo, t }) => {
  await withNewMobile(page, t, people.viktoria.iin, aMobile().typed);
  await page.getByRole("button", { name: t("code_later") }).click();
  await expect(page.getByText(t("code_unproven"))).toBeVisible();
  const field = page.getByLabel(t("field_mobile"), { exact: true });
  await field.fill(aMobile().typed);
  await expect(page.getByText(t("code_why"))).toBeVisible();
  await field.fill("+49 30 901820");
  await expect(page.getByText(t("code_abroad"))).toBeVisible();
  await expect(toSign(page, t)).not.toHaveAttribute("aria-disabled", "true");
  await field.fill("8 707 111 22 33");
  await expect(page.getByText(t("code_abroad"))).toBeHidden();
  await expect(page.getByRole("button", { name: t("code_send") })).toBeHidden();
});
