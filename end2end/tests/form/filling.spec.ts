import { expect, test } from "../../fixtures";
import { aStreet, heading, openForm, openFreshForm, people, saved, signInByPassword } from "../../walk";

test.use({ expectedConsole: [[/status of (409|422)/, /ERR_INTERNET_DISCONNECTED/], { option: true }] as any });

test("nothing differs: signing is withheld and the page says why; pressed early it says so @demo", async ({ page, demo, t }) => {
  await signInByPassword(page, t, people.erlan.iin);
  await heading(page, t("record_title"));
  await openFreshForm(page, t);
  await expect(page.getByText(t("changes_none"))).toBeVisible();
  const button = page.getByRole("button", { name: t("panel_button") });
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await expect(button).toHaveAccessibleDescription(t("changes_none_why"));
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: t("form_title") })).toBeVisible();
  await expect(page.locator("[aria-live]").filter({ hasText: t("changes_none_why") })).toHaveCount(1);
});

test("the ways out: no street name, no house number, no e-mail address, which then needs the postal index @demo", async ({ page, demo, t }) => {
  await signInByPassword(page, t, people.erlan.iin);
  await heading(page, t("record_title"));
  await openFreshForm(page, t);
  const street = page.getByLabel(t("field_street"), { exact: true });
  await street.fill("");
  const button = page.getByRole("button", { name: t("panel_button") });
  // Inactive, and says what is missing all the same.
  await button.press("Enter");
  const summary = page.getByRole("link", { name: t("miss_street") });
  await expect(summary).toBeVisible();
  await summary.click();
  await expect(street).toBeFocused();
  await expect(street).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("checkbox", { name: t("no_street") }).check();
  await expect(street).toBeHidden();
  await page.getByRole("checkbox", { name: t("no_house") }).check();
  await page.getByRole("checkbox", { name: t("no_email") }).check();
  await expect(page.getByText(t("no_email_note"))).toBeVisible();
  const index = page.getByRole("link", { name: t("field_postcode").toLowerCase(), exact: true });
  await expect(index).toBeVisible();
  await page.getByLabel(t("field_postcode")).fill("M03A5B9");
  await expect(index).toBeHidden();
  await saved(page, t);
  await button.click();
  await heading(page, t("sign_title"));
});

test("progress counts what is filled, and names what isn't @demo", async ({ page, demo, t }) => {
  await signInByPassword(page, t, people.erlan.iin);
  await heading(page, t("record_title"));
  await openFreshForm(page, t);
  const progress = page.getByText(new RegExp(`^${t("panel_progress").split("{")[0]}`)).first();
  const [all] = (await progress.textContent())!.match(/\d+$/)!;
  await expect(progress).toHaveText(t("panel_progress", { done: all, all }));
  await page.getByLabel(t("field_house"), { exact: true }).fill("");
  await expect(progress).toHaveText(t("panel_progress", { done: String(Number(all) - 1), all }));
  const missing = page.getByRole("link", { name: t("field_house").toLowerCase(), exact: true });
  await missing.click();
  await expect(page.getByLabel(t("field_house"), { exact: true })).toBeFocused();
});

test("values of former times never block, and are judged once they are touched @demo", async ({ page, demo, t }) => {
  await signInByPassword(page, t, people.alexander.iin);
  await heading(page, t("record_title"));
  await openFreshForm(page, t);
  const mobile = page.getByLabel(t("field_mobile"), { exact: true });
  await expect(mobile).toHaveValue("+79035551234");
  await page.getByLabel(t("field_abroad"), { exact: true }).fill(`644099, Омск, ${aStreet()}, 10`);
  await expect(page.getByRole("button", { name: t("panel_button") })).not.toHaveAttribute("aria-disabled", "true");
  const home = page.getByLabel(t("field_home"));
  await home.fill("8 (7213) 91-23-456");
  await mobile.focus();
  // Announced too, which the live region keeps: the field's own error is what comes and goes.
  const wrong = page.locator("#home-error").getByText(t("wrong_phone_length", { expected: "11", found: "12" }));
  await expect(wrong).toBeVisible();
  await home.fill("8 (7213) 91-23-45");
  await expect(wrong).toBeHidden();
});

test("Latin look-alikes are repaired with a notice and a way back; what has no twin is named @demo", async ({ page, demo, t }) => {
  await signInByPassword(page, t, people.erlan.iin);
  await heading(page, t("record_title"));
  await openFreshForm(page, t);
  const street = page.getByLabel(t("field_street"), { exact: true });
  await street.fill("");
  await street.pressSequentially("Бeйбiтшілік");
  await expect(street).toHaveValue("Бейбітшілік");
  const notice = page.getByRole("status").filter({ hasText: t("repair_notice").split("{")[0] });
  await expect(notice).toBeVisible();
  await notice.getByRole("button", { name: t("repair_undo") }).click();
  await expect(street).toHaveValue("Бeйбiтшілік");
  await street.fill("");
  await street.pressSequentially("Q көшесі");
  await page.getByLabel(t("field_flat")).focus();
  await expect(page.getByText(t("wrong_cyrillic", { found: "Q" })).first()).toBeVisible();
});

test("starting over asks first @demo", async ({ page, demo, t }) => {
  await signInByPassword(page, t, people.erlan.iin);
  await heading(page, t("record_title"));
  await openFreshForm(page, t);
  const street = page.getByLabel(t("field_street"), { exact: true });
  const held = await street.inputValue();
  const mine = aStreet();
  await street.fill(mine);
  await saved(page, t);
  const over = page.getByRole("button", { name: t("form_start_over"), exact: true });
  await over.click();
  await page.getByRole("button", { name: t("form_start_over_no") }).click();
  await expect(street).toHaveValue(mine);
  await over.click();
  await page.getByRole("button", { name: t("form_start_over_yes") }).click();
  await expect(street).toHaveValue(held);
  await page.reload();
  await expect(street).toHaveValue(held);
});

test("leaving with unsaved changes warns @demo", async ({ page, context, demo, t }) => {
  await signInByPassword(page, t, people.erlan.iin);
  await heading(page, t("record_title"));
  await openForm(page, t);
  await context.setOffline(true);
  const street = page.getByLabel(t("field_street"), { exact: true });
  // Browsers warn only of pages a person has touched.
  await street.click();
  await street.fill(aStreet());
  await expect(page.getByText(t("save_offline")).first()).toBeVisible();
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await context.setOffline(false);
  await saved(page, t);
});

test("who lives abroad chooses the country from the list and writes the rest freely @demo", async ({ page, demo, t }) => {
  await signInByPassword(page, t, people.erlan.iin);
  await heading(page, t("record_title"));
  await openFreshForm(page, t);
  await page.getByRole("checkbox", { name: t("address_abroad") }).check();
  const country = page.getByRole("combobox", { name: t("field_country"), exact: true });
  await country.selectOption("Германия");
  await page.getByLabel(t("field_abroad"), { exact: true }).fill("10117 Berlin, Unter den Linden 5");
  await saved(page, t);
  await expect(page.getByText(/Германия.*Berlin/).first()).toBeVisible();
  await page.reload();
  await expect(country).toHaveValue("Германия");
  // Nothing of it is left for the tests that follow.
  await openFreshForm(page, t);
  await expect(page.getByLabel(t("field_street"), { exact: true })).toBeVisible();
});
