// A person at NCALayer's window, which the simulator shows as a web page of its own.
import type { Page } from "@playwright/test";
import { expect, test, type Demo } from "../../fixtures";
import { texts } from "../../texts";
import { heading, people, pressEds, signInByPassword, toSigning } from "../../walk";

/** The window beside the cabinet. Its words are the simulator's own. */
async function windowOf(page: Page, demo: Demo): Promise<Page> {
  const window = await page.context().newPage();
  await window.goto(`${demo.url}/ncalayer`);
  return window;
}

async function choose(window: Page, key: string, password: string) {
  await window.locator(`input[value="${key}"]`).check();
  await window.locator("#password").fill(password);
  await window.locator("#confirm").click();
}

const requests = (demo: Demo) => demo.get("ncalayer/requests.json");

test("signing in: the text to read, a wrong password, the right one @demo", async ({ page, demo, t }) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: t("signin_eds_button") }).click();
  await expect(page.getByText(t("eds_waiting"), { exact: true })).toBeVisible();
  const window = await windowOf(page, demo);
  await expect(window.locator("#data")).toContainText("сайтында жеке кабинетке кіру");
  await expect(window.locator("#data")).toContainText(new URL(page.url()).host);
  // Either kind of key signs in; what has ended or was revoked can't be chosen.
  await expect(window.locator('input[value="aliya-rsa-auth"]')).toBeEnabled();
  await expect(window.locator('input[value="aliya-expired"]')).toBeDisabled();
  await expect(window.locator('input[value="aliya-revoked"]')).toBeDisabled();
  await choose(window, people.aliya.key, "guess");
  await expect(window.locator("#wrong")).toHaveText("Құпиясөз қате.");
  await expect(page.getByText(t("eds_waiting"), { exact: true }), "the page never learns of it").toBeVisible();
  await choose(window, people.aliya.key, "Qwerty12");
  await heading(page, t("record_title"));
});

test("signing: a key for authentication can't be chosen, cancelling keeps everything, then it is signed @demo", async ({
  page,
  demo,
  t,
}) => {
  await signInByPassword(page, t, people.aliya.iin);
  await heading(page, t("record_title"));
  await toSigning(page, t);
  await pressEds(page, t);
  const window = await windowOf(page, demo);
  await expect(window.locator('input[value="aliya-gost"]')).toBeEnabled();
  await expect(window.locator('input[value="aliya-rsa-auth"]')).toBeDisabled();
  await window.locator("#cancel").click();
  await expect(page.getByText(t("agent_cancelled"), { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: t("sign_qr") })).toBeVisible();
  await pressEds(page, t);
  await choose(window, people.aliya.rsaKey, "Qwerty12");
  await heading(page, t("done_title"));
});

test("where the key is kept decides which storages NCALayer opens @demo", async ({ page, demo, t }) => {
  await page.goto("/sign-in");
  const where = page.getByLabel(t("eds_storage"), { exact: true });
  const offered = ["storage_computer", "storage_idcard", "storage_kaztoken", "storage_other"];
  await expect(where.locator("option")).toHaveText(offered.map((key) => t(key)));
  const storages = [
    ["PKCS12"],
    ["AKKZIDCardStore"],
    ["AKKaztokenStore"],
    ["AKEToken72KStore", "AKEToken5110Store", "AKJaCartaStore", "AKAKEYStore", "JKS"],
  ];
  for (const [index, expected] of storages.entries()) {
    await where.selectOption({ label: t(offered[index]) });
    await page.getByRole("button", { name: t("signin_eds_button") }).click();
    await expect.poll(async () => (await requests(demo))[0]?.storages).toEqual(expected);
    await page.getByRole("button", { name: t("eds_cancel") }).click();
    await expect.poll(() => requests(demo), "the socket is closed, so the window goes").toEqual([]);
  }
});

test("a key on a plugged-in KAZTOKEN signs in @demo", async ({ page, demo, t }) => {
  await demo.post("ncalayer", { mode: "auto", key: people.aliya.key, tokens: ["AKKaztokenStore"] });
  await page.goto("/sign-in");
  await page.getByLabel(t("eds_storage"), { exact: true }).selectOption({ label: t("storage_kaztoken") });
  await page.getByRole("button", { name: t("signin_eds_button") }).click();
  await heading(page, t("record_title"));
});

for (const lang of ["kk", "ru", "en"] as const) {
  test(`the window and the text to sign speak the page's language: ${lang} @demo`, async ({ browser, demo, baseURL }) => {
    const context = await browser.newContext({ baseURL, locale: lang });
    const page = await context.newPage();
    await page.goto("/sign-in");
    await page.getByRole("button", { name: texts(lang)("signin_eds_button") }).click();
    await expect.poll(async () => (await requests(demo))[0]?.locale).toBe(lang);
    const purpose = { kk: "жеке кабинетке кіру", ru: "Вход в личный кабинет", en: "Signing in to the personal cabinet" };
    expect((await requests(demo))[0].text).toContain(purpose[lang]);
    await context.close();
  });
}

test("leaving the page closes the window @demo", async ({ page, demo, t }) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: t("signin_eds_button") }).click();
  await expect.poll(async () => (await requests(demo)).length).toBe(1);
  await page.getByRole("link", { name: t("nav_help") }).first().click();
  await heading(page, t("help_title"));
  await expect.poll(() => requests(demo)).toEqual([]);
});
