// A server of the test's own, which is killed with SIGKILL and started again over the same data.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Demo, expect, test } from "../../fixtures";
import { PASSWORD, aStreet, heading, openForm, people, pressEds, saved, signInByPassword, toSigning } from "../../walk";

const port = Number(process.env.CABINET_PORT ?? 18080) + 200;

test.use({
  baseURL: `http://127.0.0.1:${port}`,
  expectedConsole: [[/ERR_CONNECTION/, /ERR_EMPTY_RESPONSE/, /Failed to load resource/], { option: true }] as any,
});

class Mortal {
  readonly demo = new Demo(`http://127.0.0.1:${port + 1}`);
  private readonly data = mkdtempSync(join(tmpdir(), "cabinet-killed-"));
  private process?: ChildProcess;

  async start() {
    const ports = ["--port", port, "--outside-port", port + 1, "--ncalayer-port", port + 2, "--smtp-port", port + 3].map(String);
    this.process = spawn(
      process.env.CABINET_DEMO ?? "../target/debug/cabinet-demo",
      [...ports, "--data", this.data, "--page", "../dist"],
      { stdio: "ignore" },
    );
    const ready = () => fetch(`http://127.0.0.1:${port}/readyz`).then((answer) => answer.status, () => 0);
    await expect.poll(ready, { timeout: 60_000 }).toBe(200);
  }

  async kill() {
    const { process } = this;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const gone = new Promise((resolve) => process.once("exit", resolve));
    process.kill("SIGKILL");
    await gone;
  }
}

test("the server is killed while it saves: the page keeps what was typed, and saves when the server is back @demo", async ({ page, t }) => {
  test.setTimeout(120_000);
  const server = new Mortal();
  try {
    await server.start();
    await signInByPassword(page, t, people.viktoria.iin, PASSWORD, server.demo);
    await heading(page, t("record_title"));
    await openForm(page, t);
    const street = page.getByLabel(t("field_street"), { exact: true });
    await street.fill(aStreet());
    await saved(page, t);

    const asked = page.waitForRequest(/drafts\/save/);
    await street.fill(aStreet());
    await asked;
    await server.kill();
    // Whether the save arrived or not, the page says truly how it stands.
    const third = aStreet();
    await street.fill(third);
    await expect(page.getByText(t("save_offline")).first()).toBeVisible({ timeout: 20_000 });
    await expect(street).toHaveValue(third);

    await server.start();
    await saved(page, t);
    await page.reload();
    await expect(street).toHaveValue(third);
  } finally {
    await server.kill();
  }
});

test("the server is killed while it takes the signature: the next press thanks, and there is one application @demo", async ({ page, t }) => {
  test.setTimeout(120_000);
  const server = new Mortal();
  try {
    await server.start();
    await signInByPassword(page, t, people.viktoria.iin, PASSWORD, server.demo);
    await heading(page, t("record_title"));
    const street = await toSigning(page, t);

    await server.demo.post("ncalayer", { mode: "auto", key: people.viktoria.key });
    const sent = page.waitForRequest(/signing\/eds/);
    await pressEds(page, t);
    await sent;
    await server.kill();
    // Stored or not, nobody can tell from here: the page says that the connection is gone, and offers the same press.
    await expect(page.getByText(t("err_offline"), { exact: true }).first()).toBeVisible({ timeout: 20_000 });

    await server.start();
    await server.demo.post("ncalayer", { mode: "auto", key: people.viktoria.key });
    await pressEds(page, t);
    await heading(page, t("done_title"));
    const number = (await page.getByText(/\d{4}-\d{6}/).first().textContent())!.match(/\d{4}-\d{6}/)![0];
    await page.goto("/applications");
    await expect(page.getByText(number).first()).toBeVisible();
    await expect(page.getByText(t("state_applied"))).toHaveCount(1);
    await page.goto("/record");
    await expect(page.getByText(street)).toBeVisible();
  } finally {
    await server.kill();
  }
});
