import { expect, test } from "../../fixtures";
import { PASSWORD, aStreet, heading, openForm, people, saved, signInByPassword, toForm, toSigning } from "../../walk";

// The browser itself notes every answer of 4xx and 5xx, and a lost connection, in its console.
test.use({ expectedConsole: [[/status of (400|401|409|503)/, /ERR_INTERNET_DISCONNECTED/], { option: true }] as any });

test("the session ends: back after sign-in, with everything typed @demo", async ({ page, demo, t }) => {
  await signInByPassword(page, t, people.erlan.iin);
  await heading(page, t("record_title"));
  await openForm(page, t);
  const street = aStreet();
  await page.getByLabel(t("field_street"), { exact: true }).fill(street);
  await saved(page, t);
  await demo.post("clock", { advance_seconds: 16 * 60 });
  await page.goto("/form");
  await heading(page, t("signin_title"));
  await page.getByLabel(t("signin_iin"), { exact: true }).fill(people.erlan.iin);
  await page.getByLabel(t("signin_password"), { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: t("signin_button"), exact: true }).click();
  await heading(page, t("form_title"));
  await expect(page.getByLabel(t("field_street"), { exact: true })).toHaveValue(street);
});

test("NCALayer's window is closed: said so, QR beside it, and the next try signs @demo", async ({ page, demo, t }) => {
  await signInByPassword(page, t, people.erlan.iin);
  await heading(page, t("record_title"));
  await toSigning(page, t);
  await demo.post("ncalayer", { mode: "cancel" });
  await page.getByRole("button", { name: t("sign_eds"), exact: true }).click();
  // The first press chooses the way, the second opens NCALayer.
  await page.getByRole("button", { name: t("sign_eds"), exact: true }).click();
  const told = page.getByRole("alert").filter({ hasText: t("agent_cancelled") });
  await expect(told).toContainText(t("agent_cancelled_text"));
  await expect(page.getByRole("button", { name: t("sign_qr"), exact: true })).toBeVisible();

  await demo.post("ncalayer", { mode: "auto", key: people.erlan.key });
  await page.getByRole("button", { name: t("sign_eds"), exact: true }).click();
  await heading(page, t("done_title"));
});

test("GBD FL is down: signing in works, the person is told, and the form opens when it is back @demo", async ({ page, demo, t }) => {
  await demo.post("gbdfl", { mode: "http500" });
  await signInByPassword(page, t, people.viktoria.iin);
  // What the Fund holds needs no register.
  await heading(page, t("record_title"));
  await toForm(page, t);
  const told = page.getByRole("alert").filter({ hasText: t("err_register") });
  await expect(told).toContainText(t("err_register_text"));
  await demo.post("gbdfl", { mode: "ok" });
  // After failures in a row the cabinet lets the register rest for half a minute.
  await demo.post("clock", { advance_seconds: 31 });
  await told.getByRole("button", { name: t("retry") }).click();
  await expect(page.getByRole("heading", { level: 2, name: t("block_address") })).toBeVisible();
});

test("GBD FL goes down while the form is filled: nothing is lost @demo", async ({ page, demo, t }) => {
  await signInByPassword(page, t, people.viktoria.iin);
  await heading(page, t("record_title"));
  await openForm(page, t);
  const street = aStreet();
  await page.getByLabel(t("field_street"), { exact: true }).fill(street);
  await saved(page, t);
  await demo.post("gbdfl", { mode: "malformed" });
  // The register's word is asked for again before a document is made of it.
  await demo.post("clock", { advance_seconds: 90 });
  await page.getByRole("button", { name: t("panel_button") }).click();
  await expect(page.getByRole("alert").filter({ hasText: t("err_register") })).toBeVisible();
  await expect(page.getByLabel(t("field_street"), { exact: true })).toHaveValue(street);

  await demo.post("gbdfl", { mode: "ok" });
  await demo.post("clock", { advance_seconds: 31 });
  await page.getByRole("button", { name: t("panel_button") }).click();
  await heading(page, t("sign_title"));
  await expect(page.getByText(street).first()).toBeVisible();
});

test("no connection: what was typed stays on the page and is saved when it is back @demo", async ({ page, context, demo, t }) => {
  await signInByPassword(page, t, people.qaharman.iin);
  await heading(page, t("record_title"));
  await openForm(page, t);
  const street = aStreet();
  await context.setOffline(true);
  await page.getByLabel(t("field_street"), { exact: true }).fill(street);
  await expect(page.getByText(t("save_offline")).first()).toBeVisible();
  await context.setOffline(false);
  await saved(page, t);
  await page.reload();
  await expect(page.getByLabel(t("field_street"), { exact: true })).toHaveValue(street);
});

test("a second tab: neither overwrites the other @demo", async ({ page, context, demo, t }) => {
  await signInByPassword(page, t, people.qaharman.iin);
  await heading(page, t("record_title"));
  await openForm(page, t);
  const other = await context.newPage();
  await other.goto("/form");
  await heading(other, t("form_title"));
  const [here, there] = [aStreet(), aStreet()];
  await other.getByLabel(t("field_street"), { exact: true }).fill(there);
  await saved(other, t);
  await page.getByLabel(t("field_street"), { exact: true }).fill(here);
  const conflict = page.getByRole("status").filter({ hasText: t("err_conflict_text") });
  await expect(conflict).toContainText(t("err_conflict"));
  await expect(page.getByLabel(t("field_street"), { exact: true })).toHaveValue(here);
  await conflict.getByRole("button", { name: t("conflict_mine") }).click();
  await saved(page, t);
  await other.reload();
  await expect(other.getByLabel(t("field_street"), { exact: true })).toHaveValue(here);
});

test("a question the server can't read is told as such, and nothing typed is lost @demo", async ({ page, demo, t }) => {
  await page.route("**/api/accounts/sign_in", (route) => route.continue({ postData: '{"input":{"iin":' }));
  await signInByPassword(page, t, people.erlan.iin);
  await expect(page.getByRole("alert").filter({ hasText: t("err_malformed") })).toBeVisible();
  await expect(page.getByLabel(t("signin_iin"), { exact: true })).toHaveValue(people.erlan.iin);
  await page.unroute("**/api/accounts/sign_in");
  await page.getByRole("button", { name: t("signin_button"), exact: true }).click();
  await heading(page, t("record_title"));
});
