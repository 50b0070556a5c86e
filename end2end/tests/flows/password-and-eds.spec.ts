import { expect, test } from "../../fixtures";
import { pdfText } from "../../pdf";
import { aStreet, heading, openForm, people, saved, signInByPassword } from "../../walk";

test("by IIN and password, corrected, signed by EDS, thanked @demo", async ({ page, demo, t }) => {
  await page.goto("/");
  await heading(page, t("start_title"));
  await expect(page.getByText(t("start_always"))).toBeVisible();

  await signInByPassword(page, t, people.aliya.iin);
  await heading(page, t("record_title"));

  await openForm(page, t);
  await heading(page, t("form_title"));
  for (const block of ["block_document", "block_address", "block_phones", "block_contract"]) {
    await expect(page.getByRole("heading", { level: 2, name: t(block) })).toBeVisible();
  }

  // A Latin letter is repaired, told, and the panel shows what will change.
  const street = aStreet();
  const field = page.getByLabel(t("field_street"), { exact: true });
  await field.fill(street.replace("і", "i"));
  await field.blur();
  await expect(field).toHaveValue(street);
  await expect(page.getByText(t("repair_undo"))).toBeVisible();
  await saved(page, t);
  await expect(page.getByText(street).first()).toBeVisible();

  // A reload loses nothing.
  await page.reload();
  await heading(page, t("form_title"));
  await expect(page.getByLabel(t("field_street"), { exact: true })).toHaveValue(street);

  await page.getByRole("button", { name: t("panel_button") }).click();
  await heading(page, t("sign_title"));
  await expect(page.getByText(street).first()).toBeVisible();

  // The very bytes that will be signed open as a PDF.
  const documentLink = page.getByRole("link", { name: /PDF/ });
  const answer = await page.request.get((await documentLink.getAttribute("href"))!);
  expect(answer.status()).toBe(200);
  expect(answer.headers()["content-type"]).toBe("application/pdf");
  const pdf = await answer.body();
  expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");

  // Every value on the page stands in them, in the page's order.
  const bare = (words: string) => words.replace(/\s/g, "");
  const values = await page.getByRole("deletion").or(page.getByRole("insertion")).allTextContents();
  expect(values.length).toBeGreaterThanOrEqual(4);
  let rest = bare(pdfText(pdf));
  for (const value of values) {
    expect(rest).toContain(bare(value));
    rest = rest.slice(rest.indexOf(bare(value)) + bare(value).length);
  }

  await demo.post("ncalayer", { mode: "auto", key: people.aliya.key });
  await page.getByRole("button", { name: t("sign_eds") }).first().click();
  const start = page.getByRole("button", { name: t("sign_eds") });
  if (await start.isVisible()) await start.click();
  await heading(page, t("done_title"));
  const number = (await page.getByText(/\d{4}-\d{6}/).first().textContent())!.match(/\d{4}-\d{6}/)![0];
  await expect(page.getByText(t("done_duty"))).toBeVisible();

  await page.reload();
  await heading(page, t("done_title"));
  await expect(page.getByText(number).first()).toBeVisible();

  await page.goto("/record");
  await heading(page, t("record_title"));
  await expect(page.getByText(street)).toBeVisible();
  await page.goto("/applications");
  await expect(page.getByText(number).first()).toBeVisible();
  await expect(page.getByText(t("state_applied")).first()).toBeVisible();
});

test("an RSA key signs too @demo", async ({ page, demo, t }) => {
  await signInByPassword(page, t, people.aliya.iin);
  await heading(page, t("record_title"));
  await openForm(page, t);
  await page.getByLabel(t("field_street"), { exact: true }).fill(aStreet());
  await saved(page, t);
  await page.getByRole("button", { name: t("panel_button") }).click();
  await heading(page, t("sign_title"));
  await demo.post("ncalayer", { mode: "auto", key: people.aliya.rsaKey });
  await page.getByRole("button", { name: t("sign_eds") }).first().click();
  const start = page.getByRole("button", { name: t("sign_eds") });
  if (await start.isVisible()) await start.click();
  await heading(page, t("done_title"));
});
