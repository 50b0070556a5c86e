import { expect, test } from "../../fixtures";

// The browser itself notes every answer of 4xx in its console.
test.use({ expectedConsole: [[/status of 4\d\d/], { option: true }] as any });

test("an address the cabinet doesn't have leads on", async ({ page, t }) => {
  const answer = await page.goto("/no-such-page");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: t("brand") }).first()).toBeVisible();
});
