import { expect, test } from "../../fixtures";
import { heading, openForm, people, signInByPassword, toForm, typePassword } from "../../walk";

// The browser itself notes every answer of 4xx in its console.
test.use({ expectedConsole: [[/status of 4\d\d/], { option: true }] as any });

/** Each refusal of GBD FL or of the Fund, with its own text and the ways to a person. */
const refusals = [
  { who: "dauren", text: "refusal_life" },
  { who: "arman", text: "refusal_incapable" },
  { who: "maqsat", text: "refusal_limited" },
  { who: "marat", text: "refusal_excluded" },
  { who: "aigerim", text: "refusal_no_document" },
] as const;

for (const { who, text } of refusals) {
  test(`refused with its own words: ${text} @demo`, async ({ page, demo, t }) => {
    await signInByPassword(page, t, people[who].iin);
    await heading(page, t("record_title"));
    await toForm(page, t);
    const refusal = page.getByRole("alert").filter({ hasText: t("refusal_title") });
    await expect(refusal).toContainText(t(text));
    await expect(refusal.getByRole("link", { name: /1418/ })).toBeVisible();
    // A living person whom the register reports dead isn't told so.
    await expect(page.getByText(/қайтыс|өлген|қаза болған/i)).toHaveCount(0);
    // Nothing was begun.
    await page.goto("/applications");
    await expect(page.getByText(t("applications_none"))).toBeVisible();
  });
}

test("a mismatch names the fields and not the register's values @demo", async ({ page, demo, t }) => {
  await signInByPassword(page, t, people.natalia.iin);
  await heading(page, t("record_title"));
  await toForm(page, t);
  // «Семёнова Наталья» at GBD FL, «Семенова Наталия» at the Fund: е for ё is no difference.
  const fields = t("compared_given_name");
  await expect(page.getByRole("alert")).toContainText(t("refusal_mismatch", { fields }));
  await expect(page.getByText(/Семёнова|Наталья/i)).toHaveCount(0);
});

test("a wrong password says neither which of the two is wrong nor who is known @demo", async ({ page, demo, t }) => {
  const wrong = "кез келген құпиясөз";
  const told: string[] = [];
  for (const iin of [people.alexander.iin, people.unknown.iin]) {
    await signInByPassword(page, t, iin, wrong);
    const alert = page.getByRole("alert").filter({ hasText: t("err_credentials") });
    await expect(alert).toContainText(t("err_credentials_text"));
    told.push(await alert.innerText());
    // The number stays, to be corrected.
    await expect(page.getByLabel(t("signin_iin"), { exact: true })).toHaveValue(iin);
  }
  expect(told[0]).toBe(told[1]);

  // And the right one opens.
  await signInByPassword(page, t, people.alexander.iin);
  await heading(page, t("record_title"));
});

test("an IIN that can't be one is told before anything is asked", async ({ page, t }) => {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/accounts/sign_in")) asked.push(request.url());
  });
  await typePassword(page, t, "99010139000");
  const iin = page.getByLabel(t("signin_iin"), { exact: true });
  await expect(iin).toHaveAccessibleDescription(new RegExp(t("iin_length", { found: "11" })));
  await expect(iin).toBeFocused();
  await iin.fill("990101390008");
  await page.keyboard.press("Enter");
  await expect(iin).toHaveAccessibleDescription(new RegExp(t("iin_control")));
  expect(asked).toEqual([]);
});

test("an address the cabinet doesn't have leads on", async ({ page, t }) => {
  const answer = await page.goto("/no-such-page");
  expect(answer?.status()).toBe(404);
  await heading(page, t("missing_title"));
  await page.getByRole("link", { name: t("missing_home") }).click();
  await heading(page, t("start_title"));
});

test("pages behind the sign-in lead to it and back", async ({ page, t }) => {
  for (const path of ["/record", "/services", "/form", "/applications", "/sign/abcdefghijklmnopqrstuv"]) {
    await page.goto(path);
    await heading(page, t("signin_title"));
    await expect(page.getByText(t("signin_return"))).toHaveCount(path === "/record" ? 0 : 1);
  }
});

test("another person's application is none @demo", async ({ page, demo, t }) => {
  await signInByPassword(page, t, people.alexander.iin);
  await heading(page, t("record_title"));
  for (const path of ["/sign/abcdefghijklmnopqrstuv", "/done/abcdefghijklmnopqrstuv"]) {
    await page.goto(path);
    await expect(page.getByRole("alert").filter({ hasText: t("err_not_found") })).toBeVisible();
  }
});
