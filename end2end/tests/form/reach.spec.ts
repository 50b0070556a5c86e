import { expect, test } from "../../fixtures";
import { heading, signInByPassword } from "../../walk";

test("a letter came back: asked at sign-in, skipped, asked again, answered, asked no more @demo", async ({ page, demo, t }) => {
  // Nobody of the other tests: the last answer stays open.
  const iin = (await demo.get("control/people")).find((person: { id: string }) => person.id === "nurzhan").iin;
  await demo.post("returned", { iin });
  await signInByPassword(page, t, iin);
  await heading(page, t("reach_title"));
  await expect(page.getByText(t("reach_post").split("{")[0])).toBeVisible();
  await page.getByRole("button", { name: t("reach_skip") }).click();
  await heading(page, t("record_title"));

  await page.context().clearCookies();
  await signInByPassword(page, t, iin);
  await heading(page, t("reach_title"));
  await page.getByRole("button", { name: t("reach_mine") }).click();
  await heading(page, t("record_title"));

  await page.context().clearCookies();
  await signInByPassword(page, t, iin);
  await heading(page, t("record_title"));

  await demo.post("clock", { advance_seconds: 60 });
  await demo.post("returned", { iin });
  await page.context().clearCookies();
  await signInByPassword(page, t, iin);
  await heading(page, t("reach_title"));
  await page.getByRole("button", { name: t("reach_update") }).click();
  await expect(page.getByRole("heading", { level: 1, name: t("form_title") }).or(page.getByRole("heading", { level: 1, name: t("consent_title") }))).toBeVisible({ timeout: 20_000 });
});
