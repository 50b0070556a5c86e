// Signing an application: every refusal keeps it and leads on, whatever the program at NCALayer's address does.
import type { Page } from "@playwright/test";
import { keys, moveAgent, nobody } from "../../agent";
import { expect, test, type Demo } from "../../fixtures";
import type { texts } from "../../texts";
import { heading, people, pressEds, signInByPassword, toSigning } from "../../walk";

type T = ReturnType<typeof texts>;

test.use({ expectedConsole: [[/WebSocket connection to/, /status of 4\d\d/], { option: true }] as any });

/** A corrected application of Aliya's, waiting for its signature. */
async function toSign(page: Page, t: T): Promise<string> {
  await signInByPassword(page, t, people.aliya.iin);
  await heading(page, t("record_title"));
  return toSigning(page, t);
}

/** How often a signature was sent to the server. */
function sent(page: Page): { count: number } {
  const seen = { count: 0 };
  page.on("request", (request) => {
    if (request.url().endsWith("/api/signing/eds")) seen.count += 1;
  });
  return seen;
}

/** The refusal is told, with the word that the application is kept, QR is offered, and after a reload it still waits. */
async function refusedAndKept(page: Page, t: T, title: string, text: string) {
  const notice = page.getByRole("alert").filter({ hasText: title });
  await expect(notice).toContainText(text, { timeout: 30_000 });
  await expect(notice).toContainText(t("eds_kept"));
  await expect(page.getByRole("button", { name: t("sign_eds"), exact: true })).toBeEnabled();
  await expect(page.getByRole("button", { name: t("sign_qr") })).toBeEnabled();
  await page.reload();
  await heading(page, t("sign_title"));
}

async function signs(page: Page, demo: Demo, t: T, street: string) {
  await demo.post("ncalayer", { mode: "auto", key: people.aliya.key });
  await pressEds(page, t);
  await heading(page, t("done_title"));
  await page.goto("/record");
  await expect(page.getByText(street)).toBeVisible();
}

test("keys that may not sign it are refused by the server, then the owner's own signs @demo", async ({ page, demo, t }) => {
  const street = await toSign(page, t);
  for (const [key, refusal] of [
    [people.erlan.key, "sig_another"],
    [keys.authentication, "sig_auth_key"],
    [keys.organisation, "sig_organisation"],
    [keys.expired, "sig_expired"],
    [keys.revoked, "sig_revoked"],
  ]) {
    await demo.post("ncalayer", { mode: "auto", key, unfiltered: true });
    await pressEds(page, t);
    await refusedAndKept(page, t, t(refusal), t(`${refusal}_text`));
  }
  await signs(page, demo, t, street);
});

test("T08 another document's signature is refused, the right one is taken @demo", async ({ page, demo, t }) => {
  const street = await toSign(page, t);
  await demo.post("ncalayer", { mode: "another_document", key: people.aliya.key });
  await pressEds(page, t);
  await refusedAndKept(page, t, t("sig_another_document"), t("sig_another_document_text"));
  await signs(page, demo, t, street);
});

test("T28 no signature: QR is offered, the application waits @demo", async ({ page, demo, t }) => {
  const street = await toSign(page, t);
  for (const [script, trouble, code] of [
    [{ mode: "cancel" }, "agent_cancelled", ""],
    [{ mode: "close" }, "agent_closed", ""],
    [{ mode: "signing_failure" }, "agent_technical", "SIGNING_FAILURE"],
    [{ version: "1.0" }, "agent_old", ""],
  ] as const) {
    await demo.post("ncalayer", script);
    await pressEds(page, t);
    await refusedAndKept(page, t, t(trouble), t(`${trouble}_text`, { code }));
  }
  const alone = await page.context().newPage();
  await moveAgent(alone, await nobody());
  await alone.goto(page.url());
  await heading(alone, t("sign_title"));
  await pressEds(alone, t);
  await refusedAndKept(alone, t, t("agent_unreachable"), t("agent_unreachable_text"));
  await alone.close();
  await signs(page, demo, t, street);
});

test("T27 a hostile program: the page stays usable, nothing of its answers is shown or sent @demo", async ({ page, demo, t }) => {
  const street = await toSign(page, t);
  const signatures = sent(page);
  page.on("dialog", () => expect(false, "a script of the answer ran").toBe(true));
  for (const mode of ["huge", "html", "garbage", "binary", "nonsense", "wrong_greeting"]) {
    await demo.post("ncalayer", { mode });
    await pressEds(page, t);
    await expect(page.getByRole("alert")).toContainText(t("agent_bad_answer_text"), { timeout: 30_000 });
    expect(await page.locator("body").innerText()).not.toMatch(/alert\(1\)|MIIBMIIB|\u{fffd}/u);
    // The page still answers: its other parts open and close.
    const more = page.locator("#check-document summary");
    await more.click();
    await expect(page.locator("#check-document .hash")).toBeVisible();
    await more.click();
  }
  expect(signatures.count).toBe(0);
  await signs(page, demo, t, street);
});

test("T27 the same answer twice is one signature @demo", async ({ page, demo, t }) => {
  await toSign(page, t);
  const signatures = sent(page);
  await demo.post("ncalayer", { mode: "twice", key: people.aliya.key });
  await pressEds(page, t);
  await heading(page, t("done_title"));
  expect(signatures.count).toBe(1);
});

test("T27 an answer that never comes, and one that comes after the end, change nothing @demo", async ({ page, demo, t }) => {
  const street = await toSign(page, t);
  const signatures = sent(page);
  await demo.post("ncalayer", { mode: "silent" });
  await pressEds(page, t);
  await expect(page.getByText(t("eds_waiting"), { exact: true })).toBeVisible();
  await page.getByRole("button", { name: t("eds_cancel") }).click();
  await expect(page.getByText(t("agent_cancelled"), { exact: true })).toBeVisible();

  await demo.post("ncalayer", { mode: "auto", key: people.aliya.key, delay_ms: 1500 });
  const opened = page.waitForEvent("websocket");
  await pressEds(page, t);
  const socket = await opened;
  await expect(page.getByText(t("eds_waiting"), { exact: true })).toBeVisible();
  const closed = socket.waitForEvent("close");
  await page.getByRole("button", { name: t("eds_cancel") }).click();
  await closed;
  await expect(page.getByText(t("agent_cancelled"), { exact: true })).toBeVisible();
  await page.waitForTimeout(2500);
  await heading(page, t("sign_title"));
  expect(signatures.count).toBe(0);
  await signs(page, demo, t, street);
});
