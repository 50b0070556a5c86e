// What the page says while a phone signs, and after each bad end: what happened, that the application is kept, one way on.
import { expect, test } from "../../fixtures";
import { SIGNED, atTheCode, comeBack, number, picture, scan, theCode } from "../../qr";
import { heading, people } from "../../walk";

test("scanned, read, signed: the page follows the phone @demo", async ({ page, demo, t }) => {
  const code = await atTheCode(page, t, people.erlan);
  const compared = await number(page);
  const png = await picture(page, code);

  const opened = await scan(demo, png, people.erlan.key, "open_only");
  expect(opened.shown.description).toContain(compared);
  await expect(page.getByText(t("qr_opened"), { exact: true }).first()).toBeVisible();
  await expect(code).toBeHidden();
  expect(await number(page)).toBe(compared);
  await expect(page.getByRole("timer")).toHaveText(/^[0-4]:\d\d$/);

  const taken = await scan(demo, png, people.erlan.key, "take_only");
  expect(taken.shown.documents[0].meta[0][1]).toContain(compared);
  await expect(page.getByText(t("qr_reading"), { exact: true }).first()).toBeVisible();
  await expect(page.getByRole("timer")).toHaveText(/^(10:00|9:\d\d)$/);

  // Reloaded in the middle: the session is still there, without a code.
  await page.reload();
  await heading(page, t("qr_title"));
  await expect(page.getByText(t("qr_reading"), { exact: true }).first()).toBeVisible();
  expect(await number(page)).toBe(compared);

  await scan(demo, png, people.erlan.key);
  await heading(page, t("done_title"));
  await expect(page.getByText(SIGNED).first()).toBeVisible();
});

test("a reload shows the same session's code, and the old picture still signs @demo", async ({ page, demo, t }) => {
  const code = await atTheCode(page, t, people.aliya);
  const [compared, png] = [await number(page), await picture(page, code)];
  await page.reload();
  await theCode(page, t);
  expect(await number(page)).toBe(compared);
  expect(await scan(demo, png, people.aliya.key)).toMatchObject({ result: "done" });
  await heading(page, t("done_title"));
});

test("a new code every minute; the one photographed before still opens @demo", async ({ page, demo, t }) => {
  const code = await atTheCode(page, t, people.aliya);
  const [compared, png] = [await number(page), await picture(page, code)];
  const drawn = () => code.locator("path").getAttribute("d");
  const first = await drawn();
  await demo.post("clock", { advance_seconds: 61 });
  await comeBack(page);
  await expect.poll(drawn).not.toBe(first);
  expect(await number(page)).toBe(compared);
  await expect(page.getByRole("timer")).toHaveText(/^3:\d\d$/);
  expect(await scan(demo, png, people.aliya.key)).toMatchObject({ result: "done" });
  await heading(page, t("done_title"));
});

const ends: Record<string, { title: string; act: string; key?: string }> = {
  "refused on the phone": { title: "qr_refused", act: "refuse" },
  "signed by somebody else": { title: "qr_wrong_signer", act: "sign", key: people.erlan.key },
  "signed with a key for signing in": { title: "qr_failed", act: "sign", key: "aliya-rsa-auth" },
  "signed another document": { title: "qr_failed", act: "another_document" },
};

for (const [name, { title, act, key }] of Object.entries(ends)) {
  test(`${name}: the page says so, and a new code leads on @demo`, async ({ page, demo, t }) => {
    const code = await atTheCode(page, t, people.aliya);
    await scan(demo, await picture(page, code), key ?? people.aliya.key, act);
    await expect(page.getByText(t(title), { exact: true }).first()).toBeVisible();
    await expect(page.getByText(t(`${title}_text`)).first()).toBeVisible();
    await expect(code).toBeHidden();
    await page.getByRole("button", { name: t("qr_new") }).click();
    const png = await picture(page, await theCode(page, t));
    expect(await scan(demo, png, people.aliya.key)).toMatchObject({ result: "done" });
    await heading(page, t("done_title"));
  });
}

test("nobody scans in time: the page says so by itself, and a new code leads on @demo", async ({ page, demo, t }) => {
  const code = await atTheCode(page, t, people.qaharman);
  const png = await picture(page, code);
  await demo.post("clock", { advance_seconds: 300 });
  await expect(page.getByText(t("qr_expired"), { exact: true }).first()).toBeVisible();
  await expect(code).toBeHidden();
  const late = await scan(demo, png, people.qaharman.key);
  expect(late).toMatchObject({ result: "complaint", statuses: [410] });
  await page.getByRole("button", { name: t("qr_new") }).click();
  const next = await picture(page, await theCode(page, t));
  expect(await scan(demo, next, people.qaharman.key)).toMatchObject({ result: "done" });
  await heading(page, t("done_title"));
});

test("cancelled on the page: the phone is told, the application waits @demo", async ({ page, demo, t }) => {
  const code = await atTheCode(page, t, people.erlan);
  const png = await picture(page, code);
  await page.getByRole("button", { name: t("qr_cancel"), exact: true }).click();
  await heading(page, t("sign_title"));
  const late = await scan(demo, png, people.erlan.key);
  expect(late).toMatchObject({ result: "complaint", statuses: [410] });
  expect(late.message).toContain("тоқтатылды");
  await page.getByRole("button", { name: t("sign_qr") }).click();
  await theCode(page, t);
});

test("the countdown follows the server, though this computer's clock is three hours off @demo", async ({ page, t }) => {
  await page.clock.install({ time: Date.now() + 3 * 3_600_000 });
  await atTheCode(page, t, people.erlan);
  await expect(page.getByRole("timer")).toHaveText(/^(5:00|4:\d\d)$/);
});

test.describe(() => {
  // The browser itself notes every broken request in its console.
  test.use({ expectedConsole: [[/net::ERR_FAILED/], { option: true }] as any });

  test("the connection breaks: the page says so, asks again, and misses nothing @demo", async ({ page, demo, t }) => {
    const code = await atTheCode(page, t, people.erlan);
    const png = await picture(page, code);
    await page.route("**/api/signing/qr_status", (route) => route.abort());
    await comeBack(page);
    await expect(page.getByText(t("qr_lost"))).toBeVisible();
    // Signed while nobody heard of it.
    expect(await scan(demo, png, people.erlan.key)).toMatchObject({ result: "done" });
    await expect(page.getByText(t("qr_lost"))).toBeVisible();
    await page.unroute("**/api/signing/qr_status");
    await heading(page, t("done_title"));
  });
});

test("while revocation can't be told, the page says signed and being checked @demo", async ({ page, demo, t }) => {
  await demo.post("ocsp", { mode: "down" });
  await demo.post("crl", { mode: "down" });
  // The lists fetched before are no longer fresh then.
  await demo.post("clock", { advance_seconds: 3 * 86_400 });
  const code = await atTheCode(page, t, people.qaharman);
  expect(await scan(demo, await picture(page, code), people.qaharman.key)).toMatchObject({
    result: "done",
    message: SIGNED,
  });
  await heading(page, t("done_title"));
  await expect(page.getByText(SIGNED).first()).toBeVisible();
  await expect(page.getByText(t("state_checking")).first()).toBeVisible();
  await demo.post("clock", { reset: true });
});
