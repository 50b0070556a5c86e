// The servers are updated while people work: pages of the build before, files of another build, questions it doesn't know.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "../../fixtures";
import { OwnServer } from "../../server";
import { texts } from "../../texts";
import { PASSWORD, aStreet, heading, openForm, people, saved, signInByPassword, toSigning } from "../../walk";

const port = Number(process.env.CABINET_PORT ?? 18080) + 220;
const DIST = "../dist";
const LATER = "20990101T000000-0000beef";
const EARLIER = "20000101T000000-0000beef";
const HASHED = /-([0-9a-f]{10,16})(?=[._])/g;

test.use({
  baseURL: `http://127.0.0.1:${port}`,
  expectedConsole: [[/ERR_CONNECTION/, /ERR_EMPTY_RESPONSE/, /Failed to load resource/, /failed to fetch Wasm/, /no texts/], { option: true }] as any,
});

/** The same page as a later build: not one file of a program bears the name it had. */
function laterPage(): string {
  const folder = mkdtempSync(join(tmpdir(), "cabinet-later-"));
  cpSync(DIST, folder, { recursive: true });
  const renamed = (text: string) => text.replaceAll(HASHED, (_, hash: string) => `-${[...hash].reverse().join("")}`);
  const build = readFileSync(join(folder, "build.txt"), "utf8").trim();
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (/\.html\.(br|gz)$/.test(name)) rmSync(path);
    else if (name.endsWith(".html")) writeFileSync(path, renamed(readFileSync(path, "utf8")).replaceAll(build, LATER));
    else if (renamed(name) !== name) renameSync(path, join(folder, renamed(name)));
  }
  writeFileSync(join(folder, "build.txt"), LATER);
  return folder;
}

/** What `cabinet assets export` leaves of this build. */
function assets(): string {
  const folder = mkdtempSync(join(tmpdir(), "cabinet-assets-"));
  for (const name of readdirSync(DIST).filter((name) => name.match(HASHED))) cpSync(join(DIST, name), join(folder, name));
  mkdirSync(join(folder, "fonts"));
  return folder;
}

const program = () => readdirSync(DIST).find((name) => /^cabinet-web-.*_bg\.wasm$/.test(name))!;
const buildOf = (page: import("@playwright/test").Page) => page.locator("meta[name=cabinet-build]").getAttribute("content");

test("the servers are updated while the form is filled: it is offered, and what is typed is there afterwards @demo", async ({ page, request, t }) => {
  test.setTimeout(120_000);
  const server = new OwnServer(port);
  try {
    await server.start();
    await signInByPassword(page, t, people.viktoria.iin, PASSWORD, server.demo);
    await heading(page, t("record_title"));
    await openForm(page, t);
    const street = page.getByLabel(t("field_street"), { exact: true });
    const offer = page.getByRole("region", { name: t("update_title") });
    await street.fill(aStreet());
    await saved(page, t);
    await expect(offer).toBeHidden();
    await page.evaluate(() => ((window as any).old = true));

    await server.kill();
    await server.start({ page: laterPage(), assets: assets() });
    // The next save is answered by the later build.
    await street.fill(aStreet());
    await expect(offer).toBeVisible({ timeout: 20_000 });
    await expect(offer).toContainText(t("update_text"));
    // It takes nothing from whoever types, and nothing happens by itself.
    await expect(street).toBeFocused();
    await saved(page, t);
    await page.waitForTimeout(2_000);
    expect(await page.evaluate(() => (window as any).old)).toBe(true);

    // Not saved yet when the button is pressed.
    const last = aStreet();
    await street.fill(last);
    await offer.getByRole("button", { name: t("update_now") }).click();
    await page.waitForFunction(() => !(window as any).old);
    await expect(street).toHaveValue(last, { timeout: 20_000 });
    await expect(street).toBeFocused();
    expect(await buildOf(page)).toBe(LATER);
    await street.fill(aStreet());
    await saved(page, t);
    await expect(offer).toBeHidden();

    // Pages of the build before still find their files at this server; their shells are gone.
    const old = await request.get(`/${program()}`, { headers: { "accept-encoding": "br" } });
    expect(old.status()).toBe(200);
    expect(old.headers()["content-encoding"]).toBe("br");
    expect(old.headers()["cache-control"]).toContain("immutable");
    expect(old.headers()["cabinet-build"]).toBe(LATER);
    expect((await request.get("/index.kk.html")).status()).toBe(404);
  } finally {
    await server.kill();
  }
});

test("what can't be saved isn't given up: the page stays until it can @demo", async ({ page, t }) => {
  test.setTimeout(120_000);
  const server = new OwnServer(port);
  const later = laterPage();
  try {
    await server.start();
    await signInByPassword(page, t, people.viktoria.iin, PASSWORD, server.demo);
    await heading(page, t("record_title"));
    await openForm(page, t);
    const street = page.getByLabel(t("field_street"), { exact: true });
    const offer = page.getByRole("region", { name: t("update_title") });
    await server.kill();
    await server.start({ page: later });
    await street.fill(aStreet());
    await expect(offer).toBeVisible({ timeout: 20_000 });
    await saved(page, t);

    await server.kill();
    const last = aStreet();
    await street.fill(last);
    const press = offer.getByRole("button", { name: t("update_now") });
    await press.focus();
    await press.press("Enter");
    await expect(offer).toContainText(t("update_unsaved"), { timeout: 20_000 });
    await expect(press).toBeFocused();
    await expect(street).toHaveValue(last);

    await server.start({ page: later });
    await press.press("Enter");
    await expect.poll(() => buildOf(page).catch(() => ""), { timeout: 20_000 }).toBe(LATER);
    await expect(street).toHaveValue(last, { timeout: 20_000 });
  } finally {
    await server.kill();
  }
});

test("while the phone is waited for nothing is offered; back in the form it is, and can be put off @demo", async ({ page, t }) => {
  test.setTimeout(120_000);
  const server = new OwnServer(port);
  try {
    await server.start();
    await signInByPassword(page, t, people.viktoria.iin, PASSWORD, server.demo);
    await heading(page, t("record_title"));
    await toSigning(page, t);
    await page.getByRole("button", { name: t("sign_qr"), exact: true }).click();
    await heading(page, t("qr_title"));
    const offer = page.getByRole("region", { name: t("update_title") });
    await server.kill();
    const answered = page.waitForResponse((answer) => answer.headers()["cabinet-build"] === LATER, { timeout: 40_000 });
    await server.start({ page: laterPage() });
    await answered;
    await page.waitForTimeout(1_000);
    await heading(page, t("qr_title"));
    await expect(offer).toBeHidden();

    await page.getByRole("button", { name: t("qr_cancel"), exact: true }).click();
    await heading(page, t("sign_title"));
    await page.getByRole("button", { name: t("change_field") }).first().click();
    await heading(page, t("form_title"));
    await expect(offer).toBeVisible();
    await offer.getByRole("button", { name: t("update_later") }).click();
    await expect(offer).toBeHidden();
  } finally {
    await server.kill();
  }
});

test("a question that the other build doesn't know is told as an update, and the draft is saved before the way out @demo", async ({ page, t }) => {
  test.setTimeout(120_000);
  const server = new OwnServer(port);
  try {
    await server.start();
    await signInByPassword(page, t, people.viktoria.iin, PASSWORD, server.demo);
    await heading(page, t("record_title"));
    await openForm(page, t);
    await page.route(/applications\/freeze/, (route) =>
      route.fulfill({ status: 404, headers: { "cabinet-build": LATER }, json: { error: "malformed" } }),
    );
    // A new page that asks a server not exchanged yet: nothing is offered for an earlier build.
    await page.route(/drafts\/save/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), "cabinet-build": EARLIER } });
    });
    const offer = page.getByRole("region", { name: t("update_title") });
    const street = page.getByLabel(t("field_street"), { exact: true });
    const typed = aStreet();
    const answered = page.waitForResponse(/drafts\/save/);
    await street.fill(typed);
    expect((await answered).headers()["cabinet-build"]).toBe(EARLIER);
    await saved(page, t);
    await expect(offer).toBeHidden();
    await page.getByRole("button", { name: t("panel_button") }).click();
    const told = page.getByRole("alert").filter({ hasText: t("update_title") });
    await expect(told).toContainText(t("err_malformed_text"));
    await expect(offer).toBeVisible();
    await page.evaluate(() => ((window as any).old = true));
    await told.getByRole("button", { name: t("update_now") }).click();
    await page.waitForFunction(() => !(window as any).old);
    await expect(street).toHaveValue(typed, { timeout: 20_000 });
  } finally {
    await server.kill();
  }
});

test("a file that the asked server hasn't got yet: the shell says so and tries again by itself @demo", async ({ page }) => {
  const server = new OwnServer(port);
  try {
    await server.start();
    for (const missing of [/cabinet-door-.*\.js$/, /cabinet-door-.*\.wasm$/, /texts-kk-.*\.txt$/]) {
      let left = 1;
      await page.route(missing, (route) => (left-- > 0 ? route.fulfill({ status: 404, body: "not found\n" }) : route.continue()));
      await page.goto("/");
      await expect(page.locator("#shell-again")).toBeVisible();
      await expect(page.locator("#shell-again")).toHaveText(texts("kk")("update_again"));
      await heading(page, texts("kk")("start_title"));
      await page.unroute(missing);
      await page.evaluate(() => sessionStorage.clear());
    }
    // Of the next program all is fetched ahead, so that most people meet no such gap at all.
    await page.goto("/sign-in");
    await heading(page, texts("kk")("signin_title"));
    const ahead = await page.locator("link[rel=prefetch]").evaluateAll((links) => links.map((link) => new URL((link as HTMLLinkElement).href).pathname));
    expect(ahead.map((path) => path.split(".").pop()).sort()).toEqual(["js", "wasm"]);
    for (const path of ahead) expect((await page.request.get(path)).status(), path).toBe(200);
  } finally {
    await server.kill();
  }
});
