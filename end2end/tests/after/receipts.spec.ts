import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "../../fixtures";
import { heading, people } from "../../walk";
import { fetched, signStreet } from "../../after";
import { pdfText } from "../../pdf";

test("receipt and evidence are there after signing, and anyone can check both @demo", async ({ page, browser, demo, t }) => {
  const street = await signStreet(page, t, demo);
  const number = (await page.getByText(/\d{4}-\d{6}/).first().textContent())!.match(/\d{4}-\d{6}/)![0];
  const receipt = await fetched(page, t("done_receipt"));
  expect(receipt.kind).toBe("application/pdf");
  const said = pdfText(receipt.bytes);
  expect(said).toContain(number);
  expect(said).toContain(street);
  expect(said).toContain("Орындалды");
  const code = said.match(/\b[0-9A-Z]{5}(?:-[0-9A-Z]{4}){4}-[0-9A-Z]{5}\b/)![0];
  expect(said).toContain("/check");
  const evidence = await fetched(page, t("done_evidence"));
  expect(evidence.kind).toBe("application/zip");
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: t("done_evidence"), exact: true }).click();
  expect((await saved).suggestedFilename()).toBe(`${number}-evidence.zip`);

  // The history has the same files.
  await page.goto("/applications");
  await heading(page, t("applications_title"));
  const row = page.getByRole("row").filter({ hasText: number });
  for (const name of ["file_document", "file_receipt", "file_evidence"]) {
    const link = row.getByRole("link", { name: new RegExp(`^${t(name)}`) });
    expect((await page.request.get((await link.getAttribute("href"))!)).status(), name).toBe(200);
  }

  // Somebody else, who was given the receipt.
  const other = await browser.newContext();
  const stranger = await other.newPage();
  const asked: string[] = [];
  stranger.on("request", (request) => asked.push(request.url()));
  await stranger.goto(`/check#${code.replaceAll("-", "")}`);
  await heading(stranger, t("check_title"));
  const result = stranger.locator("#result");
  await expect(result.getByText(t("check_true"), { exact: true })).toBeVisible();
  await expect(result.getByText(number)).toBeVisible();
  await expect(result.getByText(t("state_applied"))).toBeVisible();
  for (const secret of [street, people.aliya.iin]) await expect(stranger.getByText(secret)).toBeHidden();
  expect(asked.filter((url) => url.includes(code.replaceAll("-", "")) && !url.includes("#"))).toEqual([]);

  // Typed, with a slip first.
  await stranger.goto("/check");
  await heading(stranger, t("check_title"));
  await stranger.getByRole("button", { name: t("check_button"), exact: true }).click();
  await expect(stranger.getByText(t("check_code_missing"))).toBeVisible();
  const field = stranger.getByLabel(t("check_code"), { exact: true });
  await field.fill(`${code.slice(0, -1)}${code.endsWith("0") ? "1" : "0"}`);
  await stranger.getByRole("button", { name: t("check_button"), exact: true }).click();
  await expect(result.getByText(t("check_false"), { exact: true })).toBeVisible();
  await field.fill(code.toLowerCase());
  await stranger.getByRole("button", { name: t("check_button"), exact: true }).click();
  await expect(result.getByText(t("check_true"), { exact: true })).toBeVisible();

  // The bundle, dropped; then one with another byte in it, chosen.
  await stranger.goto("/check");
  await heading(stranger, t("check_title"));
  await stranger.locator(".drop").evaluate((place, bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], "evidence.zip", { type: "application/zip" }));
    place.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, [...evidence.bytes]);
  await expect(result.getByText(t("check_true"), { exact: true })).toBeVisible();
  await expect(result.getByText(number)).toBeVisible();
  const bent = Buffer.from(evidence.bytes);
  bent[bent.indexOf("%PDF-") + 5] ^= 1;
  const file = join(mkdtempSync(join(tmpdir(), "bundle-")), "bent.zip");
  writeFileSync(file, bent);
  await stranger.getByLabel(t("check_bundle")).setInputFiles(file);
  await expect(result.getByText(t("check_false"), { exact: true })).toBeVisible();
  await other.close();
});

test("for somebody else receipt and evidence aren't there @demo", async ({ page, browser, demo, t }) => {
  await signStreet(page, t, demo, people.viktoria);
  const links = ["done_document", "done_receipt", "done_evidence"].map((name) => page.getByRole("link", { name: t(name), exact: true }));
  const other = await browser.newContext();
  for (const link of links) {
    const answer = await other.request.get((await link.getAttribute("href"))!);
    expect(answer.status()).toBe(401);
  }
  await other.close();
});
