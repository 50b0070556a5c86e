import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "../../fixtures";
import { aStreet, heading, openForm, people, saved, signInByPassword } from "../../walk";

test.use({
  expectedConsole: [[/status of (409|502|503)/, /ERR_INTERNET_DISCONNECTED/, /ERR_CONNECTION/, /ERR_EMPTY_RESPONSE/, /Failed to load resource/], { option: true }] as any,
});

test("two devices: the later one is shown the conflict and overwrites nothing @demo", async ({ page, browser, demo, t }) => {
  await signInByPassword(page, t, people.viktoria.iin);
  await heading(page, t("record_title"));
  await openForm(page, t);
  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await signInByPassword(other, t, people.viktoria.iin);
  await heading(other, t("record_title"));
  await openForm(other, t);
  const [here, there] = [aStreet(), aStreet()];
  await other.getByLabel(t("field_street"), { exact: true }).fill(there);
  await saved(other, t);
  const street = page.getByLabel(t("field_street"), { exact: true });
  await street.fill(here);
  const conflict = page.getByRole("status").filter({ hasText: t("err_conflict_text") });
  await expect(conflict).toBeVisible();
  await expect(street).toHaveValue(here);
  await expect(page.getByRole("button", { name: t("panel_button") })).toHaveAttribute("aria-disabled", "true");
  await other.reload();
  await expect(other.getByLabel(t("field_street"), { exact: true })).toHaveValue(there);
  await conflict.getByRole("button", { name: t("conflict_theirs") }).click();
  await expect(street).toHaveValue(there);
  await elsewhere.close();
});

test("a gap in the network: changes queue in the page, nothing goes into the browser's storage, the last one is saved @demo", async ({ page, context, demo, t }) => {
  await signInByPassword(page, t, people.viktoria.iin);
  await heading(page, t("record_title"));
  await openForm(page, t);
  const street = page.getByLabel(t("field_street"), { exact: true });
  await context.setOffline(true);
  const words = [aStreet(), aStreet(), aStreet()];
  for (const word of words) {
    await street.fill(word);
    await expect(page.getByText(t("save_offline")).first()).toBeVisible();
  }
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  for (const word of words) expect(kept).not.toContain(word);
  await context.setOffline(false);
  await saved(page, t);
  await page.reload();
  await expect(street).toHaveValue(words[2]);
});

test("the server is killed while it saves: the page keeps what was typed, and saves when the server is back @demo", async ({ page, t }) => {
  test.setTimeout(120_000);
  const port = Number(process.env.CABINET_PORT ?? 18080) + 200;
  const data = mkdtempSync(join(tmpdir(), "cabinet-killed-"));
  const url = `http://127.0.0.1:${port}`;
  const start = async (): Promise<ChildProcess> => {
    const ports = ["--port", port, "--outside-port", port + 1, "--ncalayer-port", port + 2, "--smtp-port", port + 3].map(String);
    const server = spawn(process.env.CABINET_DEMO ?? "../target/debug/cabinet-demo", [...ports, "--data", data, "--page", "../dist"], { stdio: "ignore" });
    await expect.poll(() => fetch(`${url}/readyz`).then((answer) => answer.status, () => 0), { timeout: 60_000 }).toBe(200);
    return server;
  };
  const ended = (server: ChildProcess) => new Promise((resolve) => server.once("exit", resolve));
  let server = await start();
  try {
    await page.goto(`${url}/sign-in`);
    await page.getByLabel(t("signin_iin"), { exact: true }).fill(people.viktoria.iin);
    await page.getByLabel(t("signin_password"), { exact: true }).fill("Demo-kabinet-2026");
    await page.getByRole("button", { name: t("signin_button"), exact: true }).click();
    await heading(page, t("record_title"));
    await page.goto(`${url}/services`);
    await page.getByRole("link", { name: t("services_begin") }).click();
    await page.getByRole("checkbox", { name: t("consent_box") }).check();
    await page.getByRole("button", { name: t("consent_agree") }).click();
    const street = page.getByLabel(t("field_street"), { exact: true });
    const first = aStreet();
    await street.fill(first);
    await saved(page, t);

    const second = aStreet();
    const asked = page.waitForRequest(/drafts\/save/);
    await street.fill(second);
    await asked;
    const gone = ended(server);
    server.kill("SIGKILL");
    await gone;
    // Whether the save arrived or not, the page says truly how it stands.
    const third = aStreet();
    await street.fill(third);
    await expect(page.getByText(t("save_offline")).first()).toBeVisible({ timeout: 20_000 });
    await expect(street).toHaveValue(third);

    server = await start();
    await saved(page, t);
    await page.reload();
    await expect(street).toHaveValue(third);
  } finally {
    server.kill("SIGKILL");
  }
});
