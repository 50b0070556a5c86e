import { expect, test } from "../../fixtures";
import { heading, people, signInByEds } from "../../walk";
import { signMobile } from "../../after";

// The browser notes answers of 4xx in its console.
test.use({ expectedConsole: [[/status of (401|403|404|409)/], { option: true }] as any });

test("the old contact's link suspends the new one after a press; the owner lifts it by EDS @demo", async ({ page, browser, demo, t }) => {
  await signMobile(page, t, demo);
  await expect(page.getByText(t("done_codes_from").split("{")[0])).toBeVisible();
  let link = "";
  await expect
    .poll(async () => {
      const messages: { text: string }[] = await demo.get("inbox/messages.json");
      link = messages.map((one) => one.text.match(/https?:\/\/\S+\/suspend#\S+/)?.[0] ?? "").find((found) => found) ?? "";
      return link;
    })
    .not.toBe("");

  const other = await browser.newContext();
  const holder = await other.newPage();
  const asked: string[] = [];
  holder.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await holder.goto(link);
  await heading(holder, t("suspend_title"));
  const press = holder.getByRole("button", { name: t("suspend_button") });
  await expect(press).toBeVisible();
  expect(asked.filter((path) => path.startsWith("/api/")), "opening does nothing").toEqual([]);
  await page.goto("/record");
  await heading(page, t("record_title"));
  await expect(page.getByText(t("suspended_title"))).toBeHidden();

  await press.click();
  await expect(holder.getByText(t("suspend_done"), { exact: true })).toBeVisible();
  await holder.reload();
  await holder.getByRole("button", { name: t("suspend_button") }).click();
  await expect(holder.getByText(t("suspend_before"), { exact: true })).toBeVisible();
  await holder.goto("about:blank");
  await holder.goto(link.replace(/#.*/, "#unknown"));
  await holder.getByRole("button", { name: t("suspend_button") }).click();
  await expect(holder.getByText(t("suspend_none"), { exact: true })).toBeVisible();
  await other.close();

  // By password the owner is told, and by EDS it can be lifted.
  await page.goto("/record");
  await heading(page, t("record_title"));
  await expect(page.getByText(t("suspended_title"))).toBeVisible();
  await expect(page.getByText(t("suspended_eds"))).toBeVisible();
  await expect(page.getByRole("button", { name: t("suspended_lift") })).toBeHidden();
  const lift = await page.request.post("/api/contacts/lift", {
    data: { input: {} },
    headers: { "sec-fetch-site": "same-origin" },
  });
  expect(lift.status(), "the server holds to it too").toBe(403);
  await page.context().clearCookies();
  await signInByEds(page, t, demo, people.erlan.key);
  await page.getByRole("button", { name: t("suspended_lift") }).click();
  await expect(page.getByText(t("suspended_title"))).toBeHidden();
  await page.reload();
  await heading(page, t("record_title"));
  await expect(page.getByText(t("suspended_title"))).toBeHidden();
});
