import { expect, test } from "../../fixtures";
import { aStreet, heading, openForm, people, saved, signInByPassword } from "../../walk";

// The browser itself notes every answer of 4xx and 5xx in its console.
test.use({ expectedConsole: [[/status of (401|503)/], { option: true }] as any });

test("the session ends: back after sign-in, with everything typed @demo", async ({ page, demo, t }) => {
  await signInByPassword(page, t, people.erlan.iin);
  await heading(page, t("record_title"));
  await openForm(page, t);
  const street = aStreet();
  await page.getByLabel(t("field_street"), { exact: true }).fill(street);
  await saved(page, t);
  await demo.post("clock", { advance_seconds: 16 * 60 });
  await page.goto("/form");
  await heading(page, t("signin_title"));
  await page.getByLabel(t("signin_iin"), { exact: true }).fill(people.erlan.iin);
  await page.getByLabel(t("signin_password"), { exact: true }).fill("Demo-kabinet-2026");
  await page.getByRole("button", { name: t("signin_button"), exact: true }).click();
  await heading(page, t("form_title"));
  await expect(page.getByLabel(t("field_street"), { exact: true })).toHaveValue(street);
});
