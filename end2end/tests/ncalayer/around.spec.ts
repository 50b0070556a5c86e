// What stands around a sign-in by EDS: its three minutes, the phone, the notice of a new device, the certificate's end.
import { devices } from "@playwright/test";
import { expect, test, type Demo } from "../../fixtures";
import { heading, people, signInByEds, signInByPassword, toSigning } from "../../walk";

test.describe("three minutes", () => {
  test.use({ expectedConsole: [[/status of 422/], { option: true }] as any });

  test("T02 a challenge signed too late is refused; one press signs a new one @demo", async ({ page, demo, t }) => {
    const decide = async () => {
      await expect.poll(async () => (await demo.get("ncalayer/requests.json")).length).toBe(1);
      const [{ id, text }] = await demo.get("ncalayer/requests.json");
      const decided = await fetch(`${demo.url}/ncalayer/decide`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ id, key: people.aliya.key, password: "Qwerty12" }),
      });
      expect(decided.status).toBe(204);
      return text as string;
    };
    await page.goto("/sign-in");
    const press = page.getByRole("button", { name: t("signin_eds_button") });
    await press.click();
    await expect(page.getByText(t("eds_waiting"), { exact: true })).toBeVisible();
    await demo.post("clock", { advance_seconds: 181 });
    const late = await decide();
    await expect(page.getByRole("alert")).toContainText(t("sig_challenge_expired"));
    await expect(page.getByRole("alert")).toContainText(t("sig_challenge_expired_text"));
    await press.click();
    const fresh = await decide();
    expect(fresh).not.toBe(late);
    await heading(page, t("record_title"));
  });
});

async function messages(demo: Demo, sentence: string): Promise<{ kind: string; to: string; text: string }[]> {
  const all: { kind: string; to: string; text: string }[] = await demo.get("inbox/messages.json");
  return all.filter(({ text }) => text.includes(sentence));
}

test("T02 a sign-in from a new browser is told to the Fund's contacts, once @demo", async ({ page, browser, baseURL, demo, t }) => {
  const sentence = "жаңа құрылғыдан кірілді";
  await signInByEds(page, t, demo, people.aliya.key);
  await expect.poll(async () => (await messages(demo, sentence)).map(({ to }) => to).sort(), { timeout: 20_000 }).toEqual([
    "+77012345645",
    "aliya.akhmetova@example.kz",
  ]);
  for (const { text } of await messages(demo, sentence)) {
    expect(text).toContain("1418");
    expect(text).not.toContain(people.aliya.iin);
  }

  // The session ends; in again: the browser is known.
  await page.context().clearCookies({ name: "session" });
  await page.context().clearCookies({ name: "in" });
  await signInByEds(page, t, demo, people.aliya.key);

  // Another browser isn't. Its messages come after those of the sign-in before, had there been any.
  const another = await browser.newContext({ baseURL, locale: "kk-KZ" });
  await signInByEds(await another.newPage(), t, demo, people.aliya.key);
  await expect.poll(async () => (await messages(demo, sentence)).length, { timeout: 20_000 }).toBe(4);
  await another.close();
});

test("a certificate that ends within thirty days is announced, with where to renew it @demo", async ({ page, demo, t }) => {
  // The demo's keys end 335 days after its first start.
  await demo.post("clock", { advance_seconds: 300 * 86_400 });
  await signInByEds(page, t, demo, people.aliya.key);
  const [before, after] = t("session_certificate").split("{date}");
  await expect(page.getByText(before)).toBeHidden();
  await page.context().clearCookies();
  await demo.post("clock", { advance_seconds: 10 * 86_400 });
  await signInByEds(page, t, demo, people.aliya.key);
  const notice = page.locator(".notice").filter({ hasText: before });
  await expect(notice).toContainText(/\d{4}/);
  await expect(notice).toContainText(after.trim());
  expect(after).toContain("pki.gov.kz");
});

const phones = {
  "a phone with Android": devices["Pixel 7"],
  "an iPhone": devices["iPhone 14"],
  "an iPad, which calls itself a Macintosh": {
    ...devices["iPad Pro 11"],
    userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
  },
};

for (const [name, { defaultBrowserType: _, ...device }] of Object.entries(phones)) {
  test.describe(name, () => {
    test.use(device);

    test(`NCALayer isn't offered on ${name}: password to sign in, eGov Mobile to sign @demo`, async ({ page, t }) => {
      const sockets: string[] = [];
      page.on("websocket", (socket) => sockets.push(socket.url()));
      // Emulation knows one finger, the devices five.
      await page.addInitScript(() => Object.defineProperty(navigator, "maxTouchPoints", { value: 5 }));
      await page.goto("/sign-in");
      await expect(page.getByText(t("eds_phone_signin"))).toBeVisible();
      await expect(page.getByRole("button", { name: t("signin_eds_button") })).toHaveCount(0);
      await signInByPassword(page, t, people.aliya.iin);
      await heading(page, t("record_title"));
      await toSigning(page, t);
      await expect(page.getByText(t("eds_phone_sign"))).toBeVisible();
      await expect(page.getByRole("button", { name: t("sign_eds"), exact: true })).toHaveCount(0);
      await page.getByRole("button", { name: t("sign_qr") }).click();
      await heading(page, t("qr_title"));
      expect(sockets).toEqual([]);
    });
  });
}
