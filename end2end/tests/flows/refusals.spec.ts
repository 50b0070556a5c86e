import { expect, test } from "../../fixtures";
import { heading, openForm, people, signInByPassword } from "../../walk";

// The browser itself notes every answer of 4xx in its console.
test.use({ expectedConsole: [[/status of 4\d\d/], { option: true }] as any });

test("a living person whom GBD FL reports dead is never told so @demo", async ({ page, t }) => {
  await signInByPassword(page, t, people.dauren.iin);
  await heading(page, t("record_title"));
  await openForm(page, t);
  await expect(page.getByText(t("refusal_life"))).toBeVisible();
  await expect(page.getByText(/қайтыс|қаза болған|умер|смерт/i)).toHaveCount(0);
  await expect(page.getByText("1418").first()).toBeVisible();
});

test("a mismatch names the field and not the register's value @demo", async ({ page, t }) => {
  await signInByPassword(page, t, people.natalia.iin);
  await heading(page, t("record_title"));
  await openForm(page, t);
  await expect(page.getByText(t("refusal_mismatch").split("{")[0] + t("compared_surname"))).toBeVisible();
});

test("a wrong password says neither which of the two is wrong nor who is known", async ({ page, t }) => {
  await signInByPassword(page, t, "990101391804", "кез келген құпиясөз");
  await expect(page.getByText(t("err_credentials"), { exact: true })).toBeVisible();
  await expect(page.getByLabel(t("signin_iin"), { exact: true })).toHaveValue("990101391804");
});

test("an address the cabinet doesn't have leads on", async ({ page, t }) => {
  const answer = await page.goto("/no-such-page");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: t("brand") }).first()).toBeVisible();
});
