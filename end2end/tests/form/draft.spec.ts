import { expect, test } from "../../fixtures";
import { aStreet, heading, openForm, people, saved, signInByPassword } from "../../walk";

test.use({
  expectedConsole: [[/status of (409|502|503)/, /ERR_INTERNET_DISCONNECTED/, /ERR_CONNECTION/, /ERR_EMPTY_RESPONSE/, /Failed to load resource/], { option: true }] as any,
});

test("two devices: the later one is shown the conflict and overwrites nothing @demo", async ({ page, browser, demo, t }) => {
  await signInByPassword(page, t, people.viktoria.iin);
  await heading(page, t("record_title"));
  await openForm(page, t);
  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await signInByPassword(other, t, people.viktoria.iin);
  await heading(other, t("record_title"));
  await openForm(other, t);
  const [here, there] = [aStreet(), aStreet()];
  await other.getByLabel(t("field_street"), { exact: true }).fill(there);
  await saved(other, t);
  const street = page.getByLabel(t("field_street"), { exact: true });
  await street.fill(here);
  const conflict = page.getByRole("status").filter({ hasText: t("err_conflict_text") });
  await expect(conflict).toBeVisible();
  await expect(street).toHaveValue(here);
  await expect(page.getByRole("button", { name: t("panel_button") })).toHaveAttribute("aria-disabled", "true");
  await other.reload();
  await expect(other.getByLabel(t("field_street"), { exact: true })).toHaveValue(there);
  await conflict.getByRole("button", { name: t("conflict_theirs") }).click();
  await expect(street).toHaveValue(there);
  await elsewhere.close();
});

test("a gap in the network: changes queue in the page, nothing goes into the browser's storage, the last one is saved @demo", async ({ page, context, demo, t }) => {
  await signInByPassword(page, t, people.viktoria.iin);
  await heading(page, t("record_title"));
  await openForm(page, t);
  const street = page.getByLabel(t("field_street"), { exact: true });
  await context.setOffline(true);
  const words = [aStreet(), aStreet(), aStreet()];
  for (const word of words) {
    await street.fill(word);
    await expect(page.getByText(t("save_offline")).first()).toBeVisible();
  }
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  for (const word of words) expect(kept).not.toContain(word);
  await context.setOffline(false);
  await saved(page, t);
  await page.reload();
  await expect(street).toHaveValue(words[2]);
});
