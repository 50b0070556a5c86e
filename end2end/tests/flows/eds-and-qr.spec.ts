import { expect, test } from "../../fixtures";
import { aStreet, heading, openForm, people, saved, signInByEds } from "../../walk";

test("by EDS, corrected, signed by QR: the phone reads the code off a picture of the page @demo", async ({ page, demo, t }) => {
  await signInByEds(page, t, demo, people.erlan.key);
  await openForm(page, t);
  await heading(page, t("form_title"));
  const street = aStreet();
  await page.getByLabel(t("field_street"), { exact: true }).fill(street);
  await saved(page, t);
  await page.getByRole("button", { name: t("panel_button") }).click();
  await heading(page, t("sign_title"));
  await page.getByRole("button", { name: t("sign_qr") }).click();

  const code = page.getByRole("img", { name: t("qr_alt") });
  await expect(code).toBeVisible();
  await expect(page.getByText(t("qr_step_1"), { exact: true })).toBeVisible();
  await code.scrollIntoViewIfNeeded();
  const picture = await page.screenshot();
  const outcome = await demo.post("phone/scan", {
    png_base64: picture.toString("base64"),
    key: people.erlan.key,
    lang: "kk",
  });
  expect(outcome).toMatchObject({ result: "done", message: "Қол қою сәтті аяқталды" });

  await heading(page, t("done_title"));
  await expect(page.getByText(t("done_signed")).first()).toBeVisible();
  await page.reload();
  await heading(page, t("done_title"));
});
