// The second step of signing in by password, and the browser that is spared it.
import { expect, test } from "../../fixtures";
import { codeFor, heading, people, typePassword } from "../../walk";

test.use({ expectedConsole: [[/status of (401|422)/], { option: true }] as any });

test("a code after the password, wrong and right; the device remembered at wish, for this person alone @demo", async ({ page, demo, t }, info) => {
  // A number of its own for each width: a number gets five codes an hour.
  const [iin, mobile] = info.project.name === "360" ? [people.viktoria.iin, "+77071112233"] : [people.qaharman.iin, "+77054447788"];
  await typePassword(page, t, iin);
  await expect(page.getByRole("heading", { level: 2, name: t("second_title") })).toBeVisible();
  await expect(page.getByText(`+7 ••• ••• •• ${mobile.slice(-2)}`)).toBeVisible();
  await expect(page.getByText(mobile.slice(-4))).toHaveCount(0);
  await page.getByRole("button", { name: t("code_send"), exact: true }).click();
  const field = page.getByLabel(t("code_field"), { exact: true });
  await expect(field).toBeFocused();
  const code = await codeFor(demo, mobile);
  await field.fill(code === "111111" ? "222222" : "111111");
  await page.getByRole("button", { name: t("signin_button"), exact: true }).click();
  await expect(page.locator("#step-code-error")).toHaveText(t("code_wrong", { left: "4" }));
  const remember = page.getByRole("checkbox", { name: t("second_remember") });
  await expect(remember).not.toBeChecked();
  await remember.check();
  await field.fill(code);
  await page.getByRole("button", { name: t("signin_button"), exact: true }).click();
  await heading(page, t("record_title"));

  const cookies = await page.context().cookies();
  const kept = cookies.find((cookie) => cookie.name === "remembered")!;
  expect(kept.httpOnly && kept.sameSite === "Strict").toBe(true);
  await page.context().clearCookies({ name: "session" });
  await page.context().clearCookies({ name: "in" });
  await typePassword(page, t, iin);
  await heading(page, t("record_title"));

  // Somebody else of the family is asked, in this browser too.
  await page.context().clearCookies({ name: "session" });
  await page.context().clearCookies({ name: "in" });
  await typePassword(page, t, people.aliya.iin);
  await expect(page.getByRole("heading", { level: 2, name: t("second_title") })).toBeVisible();
  // «Бұл нөмір менде жоқ»: the key needs no code.
  await expect(page.getByRole("heading", { name: t("second_lost") })).toBeVisible();
  await page.getByRole("button", { name: t("signin_eds_button"), exact: true }).click();
  await demo.post("ncalayer", { mode: "auto", key: people.aliya.key });
  await page.getByRole("button", { name: t("signin_eds_button"), exact: true }).click();
  await heading(page, t("record_title"));
});

test("who has no mobile at the Fund is told so, and comes in by key @demo", async ({ page, t }) => {
  await typePassword(page, t, "580514490095");
  await expect(page.getByText(t("second_none")).first()).toBeVisible();
  await expect(page.getByRole("button", { name: t("code_send") })).toHaveCount(0);
  await expect(page.getByRole("button", { name: t("signin_eds_button") })).toBeVisible();
});

test("a session that ends is taken up again where it was, with the code @demo", async ({ page, demo, t }, info) => {
  const [id, mobile] = info.project.name === "360" ? ["elena", "+77478889900"] : ["natalia", "+77026667788"];
  const iin: string = (await demo.get("control/people")).find((person: { id: string }) => person.id === id).iin;
  await typePassword(page, t, iin);
  const in_ = async () => {
    await page.getByRole("button", { name: t("code_send"), exact: true }).click();
    await page.getByLabel(t("code_field"), { exact: true }).fill(await codeFor(demo, mobile));
    await page.getByRole("button", { name: t("signin_button"), exact: true }).click();
  };
  await in_();
  await heading(page, t("record_title"));
  await page.goto("/settings");
  await heading(page, t("settings_title"));
  await demo.post("clock", { advance_seconds: 16 * 60 });
  await page.goto("/applications");
  await heading(page, t("signin_title"));
  await expect(page.getByText(t("signin_return"))).toBeVisible();
  await page.getByLabel(t("signin_iin"), { exact: true }).fill(iin);
  await page.getByLabel(t("signin_password"), { exact: true }).fill("Demo-kabinet-2026");
  await page.getByRole("button", { name: t("signin_button"), exact: true }).click();
  await in_();
  await heading(page, t("applications_title"));
});
