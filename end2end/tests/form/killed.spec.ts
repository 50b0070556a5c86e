// A server of the test's own, which is killed with SIGKILL and started again over the same data.
import { expect, test } from "../../fixtures";
import { OwnServer } from "../../server";
import { PASSWORD, aStreet, heading, openForm, people, pressEds, saved, signInByPassword, toSigning } from "../../walk";

const port = Number(process.env.CABINET_PORT ?? 18080) + 200;

test.use({
  baseURL: `http://127.0.0.1:${port}`,
  expectedConsole: [[/ERR_CONNECTION/, /ERR_EMPTY_RESPONSE/, /Failed to load resource/], { option: true }] as any,
});

test("the server is killed while it saves: the page keeps what was typed, and saves when the server is back @demo", async ({ page, t }) => {
  test.setTimeout(120_000);
  const server = new OwnServer(port);
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
  const server = new OwnServer(port);
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
