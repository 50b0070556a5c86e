// Registering by a code, and the password forgotten again. Each width has a person of its own: registering is done once.
import type { Page } from "@playwright/test";
import { expect, test, type Demo } from "../../fixtures";
import { codeFor, heading, people, PASSWORD, signInByPassword } from "../../walk";
import type { texts } from "../../texts";

type T = ReturnType<typeof texts>;

const newcomers = {
  360: { iin: "930415400155", mobile: "+77051902001" },
  1280: { iin: "950825300141", mobile: "+77051902002" },
};
test.use({ expectedConsole: [[/status of (401|422|428)/], { option: true }] as any });

const FIRST = "jeti-qaragai-munar";
const SECOND = "kok-aspan-men-jel-2026";

async function toCode(page: Page, t: T, iin: string) {
  await page.getByLabel(t("signin_iin"), { exact: true }).fill(iin);
  await page.getByRole("button", { name: t("opening_next"), exact: true }).click();
  await expect(page.getByRole("radio", { name: t("opening_mobile") })).toBeChecked();
  await page.getByRole("button", { name: t("code_send"), exact: true }).click();
  await expect(page.getByLabel(t("code_field"), { exact: true })).toBeFocused();
  await expect(page.getByText(t("opening_sent")).first()).toBeVisible();
}

async function finish(page: Page, t: T, code: string, password: string, button: string) {
  await page.getByLabel(t("code_field"), { exact: true }).fill(code);
  await page.getByLabel(t("opening_password"), { exact: true }).fill(password);
  await page.getByRole("button", { name: t(button), exact: true }).click();
}

const sms = async (demo: Demo, to: string): Promise<string[]> =>
  (await demo.get("inbox/messages.json")).filter((message: { to: string }) => message.to === to).map((message: { text: string }) => message.text);

test("registers by a code to the Fund's number, back and reload included, and later forgets the password @demo", async ({ page, demo, t }, info) => {
  const { iin, mobile } = newcomers[info.project.name as unknown as keyof typeof newcomers];
  await page.goto("/sign-in");
  await page.getByRole("link", { name: new RegExp(t("register_title")) }).click();
  await heading(page, t("register_title"));
  // A slip in the number is told before anything is sent.
  await page.getByLabel(t("signin_iin"), { exact: true }).fill(`${iin.slice(0, 11)}${(Number(iin[11]) + 1) % 10}`);
  await page.getByRole("button", { name: t("opening_next"), exact: true }).click();
  await expect(page.locator("#iin-error")).toHaveText(t("iin_control"));
  await toCode(page, t, iin);

  // Back and forward keep what was typed; no digit of the number is shown anywhere.
  await expect(page.getByText(mobile.slice(-4))).toHaveCount(0);
  await page.goBack();
  await expect(page.getByRole("radio", { name: t("opening_mobile") })).toBeChecked();
  await page.goBack();
  await expect(page.getByLabel(t("signin_iin"), { exact: true })).toHaveValue(iin);
  await page.goForward();
  await page.goForward();
  await expect(page.getByLabel(t("code_field"), { exact: true })).toBeVisible();
  // Loaded anew, the code still fits.
  await page.reload();
  await expect(page.getByLabel(t("code_field"), { exact: true })).toBeVisible();
  expect(page.url()).not.toContain(iin);

  const code = await codeFor(demo, mobile);
  await finish(page, t, code === "111111" ? "222222" : "111111", FIRST, "opening_register");
  await expect(page.locator("#code-error")).toHaveText(t("code_wrong", { left: "4" }));
  await finish(page, t, code, "12345678", "opening_register");
  await expect(page.locator("#own-password-error")).toHaveText(t("settings_password_common"));
  await page.getByLabel(t("opening_password"), { exact: true }).fill(FIRST);
  await page.getByRole("button", { name: t("opening_register"), exact: true }).click();
  await heading(page, t("record_title"));

  // Forgotten: another password, and the old one is gone.
  await page.context().clearCookies();
  await demo.post("clock", { advance_seconds: 61 });
  await page.goto("/sign-in");
  await page.getByRole("link", { name: t("signin_forgot") }).click();
  await heading(page, t("reset_title"));
  await toCode(page, t, iin);
  await finish(page, t, await codeFor(demo, mobile), SECOND, "settings_password_set");
  await heading(page, t("record_title"));

  await page.context().clearCookies();
  await signInByPassword(page, t, iin, FIRST);
  await expect(page.getByText(t("err_credentials"))).toBeVisible();
  // To register once more says the same on the page; the message says that there is a password.
  await demo.post("clock", { advance_seconds: 3600 });
  await page.goto("/register");
  await toCode(page, t, iin);
  await expect.poll(async () => (await sms(demo, mobile))[0]).toContain("бұрыннан бар");
  expect((await sms(demo, mobile))[0]).not.toMatch(/\d{6}/);
});

test("an IIN that nobody has is answered with the same page, and the ways out are there @demo", async ({ page, demo, t }, info) => {
    await page.goto("/register");
    await toCode(page, t, info.project.name === "360" ? "850412300016" : people.unknown.iin);
    expect(await demo.get("inbox/messages.json")).toEqual([]);
    await finish(page, t, "123456", PASSWORD, "opening_register");
    await expect(page.locator("#code-error")).toHaveText(t("code_wrong", { left: "4" }));
    await expect(page.getByText(t("opening_none_eds"))).toBeVisible();
    await expect(page.getByRole("link", { name: t("signin_eds_button") })).toHaveAttribute("href", "/sign-in");
    await expect(page.getByRole("main").getByRole("link", { name: /1418/ })).toHaveAttribute("href", "tel:1418");
    // A code that never comes can be asked for again.
    await demo.post("clock", { advance_seconds: 61 });
    await page.reload();
    await page.getByRole("button", { name: t("code_again"), exact: true }).click();
    await expect(page.getByText(t("opening_sent")).first()).toBeVisible();
});

test("where much is begun, the page solves its puzzle by itself and goes on @demo", async ({ page, demo, t }) => {
  await page.goto("/register");
  const asked: number[] = [];
  page.on("response", (answer) => {
    if (answer.url().endsWith("/api/openings/start")) asked.push(answer.status());
  });
  // Somebody at this address has begun for many.
  const { statuses, iin } = await page.evaluate(async () => {
    const control = (digits: number[]) => {
      const sum = (weight: (i: number) => number) => digits.reduce((all, digit, i) => all + digit * weight(i), 0) % 11;
      const first = sum((i) => i + 1);
      return first === 10 ? sum((i) => ((i + 2) % 11) + 1) : first;
    };
    const statuses: number[] = [];
    let iin = "";
    for (let n = 0; statuses.length < 15; n++) {
      const body = `8504123${String(Date.now() + n).slice(-4)}`;
      const last = control([...body].map(Number));
      if (last === 10) continue;
      iin = body + last;
      if (statuses.length === 14) break;
      const input = { opening: "registration", iin, number: "mobile", proof: "" };
      const answer = await fetch("/api/openings/start", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ input }) });
      statuses.push(answer.status);
    }
    return { statuses, iin };
  });
  expect(statuses.at(-1)).toBe(428);
  asked.length = 0;
  await toCode(page, t, iin);
  expect(asked).toEqual([428, 200]);
});
