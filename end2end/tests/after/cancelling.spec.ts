import { expect, test } from "../../fixtures";
import { heading, people } from "../../walk";
import { signUnchecked } from "../../after";

// The browser notes answers of 4xx in its console.
test.use({ expectedConsole: [[/status of (401|403|404|409)/], { option: true }] as any });

test("while it is being checked an application can be cancelled, after a question @demo", async ({ page, demo, t }) => {
  const street = await signUnchecked(page, t, demo);
  const question = page.getByRole("dialog", { name: t("cancel_title") });
  await page.getByRole("button", { name: t("cancel_button"), exact: true }).click();
  await expect(question).toBeVisible();
  await question.getByRole("button", { name: t("cancel_no") }).click();
  await expect(question).toBeHidden();
  await expect(page.getByText(t("state_checking")).first()).toBeVisible();

  await page.getByRole("button", { name: t("cancel_button"), exact: true }).click();
  await question.getByRole("button", { name: t("cancel_yes") }).click();
  await heading(page, t("state_cancelled"));
  await expect(page.getByText(t("done_cancelled"))).toBeVisible();
  await expect(page.getByRole("button", { name: t("cancel_button"), exact: true })).toBeHidden();
  await page.reload();
  await heading(page, t("state_cancelled"));

  // The national services are back: nothing is applied any more.
  await demo.post("ocsp", { mode: "good" });
  await demo.post("crl", { mode: "ok" });
  await demo.post("clock", { advance_seconds: 600 });
  await page.goto("/applications");
  await heading(page, t("applications_title"));
  await expect(page.getByRole("cell", { name: t("state_cancelled") }).first()).toBeVisible();
  await page.goto("/record");
  await heading(page, t("record_title"));
  await expect(page.getByText(street)).toBeHidden();
  await expect
    .poll(async () => (await demo.get("inbox/messages.json")).filter((one: { text: string }) => one.text.includes("кері қайтарылды")).length)
    .toBeGreaterThan(0);
  await demo.post("clock", { reset: true });
});

test("the history leads to the same question, and what was applied meanwhile isn't cancelled @demo", async ({ page, demo, t }) => {
  await signUnchecked(page, t, demo, people.viktoria);
  await page.goto("/applications");
  await heading(page, t("applications_title"));
  await page.getByRole("link", { name: t("cancel_button") }).first().click();
  const question = page.getByRole("dialog", { name: t("cancel_title") });
  await expect(question).toBeVisible();
  await demo.post("ocsp", { mode: "good" });
  // Asked again after a minute, looked for every five seconds.
  await demo.post("clock", { advance_seconds: 90 });
  await expect
    .poll(async () => (await demo.get("inbox/messages.json")).some((one: { text: string }) => one.text.includes("орындалды")), { timeout: 30_000 })
    .toBe(true);
  await question.getByRole("button", { name: t("cancel_yes") }).click();
  await expect(page.getByText(t("err_wrong_state"), { exact: true })).toBeVisible();
  await page.reload();
  await heading(page, t("done_title"));
  await expect(page.getByText(t("state_applied")).first()).toBeVisible();
  await demo.post("clock", { reset: true });
});
