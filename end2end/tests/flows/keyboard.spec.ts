// The whole way without a mouse: from the start page to the thanks. What a screen reader says on it is asked of the
// accessibility tree: names, descriptions, what is wrong, what is announced.
import { expect, test } from "../../fixtures";
import { retype, tabTo } from "../../keyboard";
import { PASSWORD, aStreet, heading, people, remembered, saved } from "../../walk";

test.setTimeout(120_000);

test("signed in by password, filled, corrected, signed by EDS with keys alone @demo", async ({ page, demo, t, viewport }) => {
  const keys = page.keyboard;
  const button = (key: string) => page.getByRole("button", { name: t(key), exact: true });
  const link = (key: string) => page.getByRole("link", { name: t(key), exact: true });
  const field = (key: string) => page.getByRole("textbox", { name: t(key), exact: true });
  const title = (key: string) => page.getByRole("heading", { level: 1, name: t(key), exact: true });

  await remembered(page, people.erlan.iin);
  // The first stop of any page leads past its head.
  await page.goto("/");
  await heading(page, t("start_title"));
  await tabTo(page, link("skip"));
  await keys.press("Enter");
  await expect(title("start_title")).toBeFocused();
  await tabTo(page, link("way_password"));
  await keys.press("Enter");
  await heading(page, t("signin_title"));
  await expect(page).toHaveTitle(new RegExp(t("signin_title")));

  // An IIN that is too short: the focus is on it, it is marked as wrong, and what is wrong belongs to it.
  await tabTo(page, field("signin_iin"));
  await expect(field("signin_iin")).toHaveAccessibleDescription(t("signin_iin_hint"));
  await keys.type(people.erlan.iin.slice(0, 11));
  await keys.press("Enter");
  await expect(field("signin_iin")).toBeFocused();
  await expect(field("signin_iin")).toHaveAttribute("aria-invalid", "true");
  await expect(field("signin_iin")).toHaveAccessibleDescription(
    `${t("signin_iin_hint")} ${t("iin_length", { found: "11" })}`,
  );
  await keys.press("End");
  await keys.type(people.erlan.iin.slice(11));
  await expect(field("signin_iin")).not.toHaveAttribute("aria-invalid");
  await tabTo(page, field("signin_password"));
  await keys.type(PASSWORD);
  await keys.press("Enter");
  await heading(page, t("record_title"));

  await tabTo(page, link("record_change"));
  await keys.press("Enter");
  // The next page of the same program: its heading has the focus, so it is read.
  await expect(title("services_title")).toBeFocused();
  await tabTo(page, link("services_begin"));
  await keys.press("Enter");
  await expect(title("consent_title").or(title("form_title"))).toBeFocused({ timeout: 20_000 });
  if (await title("consent_title").isVisible()) {
    // Refused without the tick, which then has the focus and says why.
    const box = page.getByRole("checkbox", { name: t("consent_box") });
    await tabTo(page, button("consent_agree"));
    await keys.press("Enter");
    await expect(box).toBeFocused();
    await expect(box).toHaveAccessibleDescription(new RegExp(t("consent_missing")));
    await keys.press("Space");
    await expect(box).toBeChecked();
    await tabTo(page, button("consent_agree"));
    await keys.press("Enter");
  }
  await heading(page, t("form_title"));
  await expect(page.getByRole("heading", { level: 2, name: t("block_address") })).toBeVisible({ timeout: 20_000 });

  // No street, and on: the summary has the focus, its link leads to the field, which says the same.
  const street = field("field_street");
  await tabTo(page, street);
  await retype(page, "");
  await tabTo(page, button("panel_button"));
  await expect(button("panel_button")).toHaveAccessibleDescription(new RegExp(t("field_street"), "i"));
  await keys.press("Enter");
  const summary = page.getByRole("group", { name: t("summary_title") });
  await expect(summary).toBeFocused();
  const wrong = summary.getByRole("link", { name: t("miss_street") });
  await tabTo(page, wrong);
  await keys.press("Enter");
  await expect(street).toBeFocused();
  await expect(street).toHaveAttribute("aria-invalid", "true");
  await expect(street).toHaveAccessibleDescription(new RegExp(t("miss_street")));

  // Left wrong, it is announced.
  await keys.press("Tab");
  await expect(page.locator("[role=status][aria-live]")).toHaveText(t("miss_street"));
  await keys.press("Shift+Tab");
  const name = aStreet();
  await retype(page, name);
  await expect(street).not.toHaveAttribute("aria-invalid");
  await expect(summary).toHaveCount(0);
  await saved(page, t);

  // Lists and boxes answer to arrows and Space.
  const region = page.getByRole("combobox", { name: t("field_region"), exact: true });
  await tabTo(page, region, "Shift+Tab");
  const chosen = await region.inputValue();
  await keys.press("ArrowDown");
  await keys.press("ArrowUp");
  await expect(region).toHaveValue(chosen);
  const noHouse = page.getByRole("checkbox", { name: t("no_house") });
  await tabTo(page, noHouse);
  await keys.press("Space");
  await expect(noHouse).toBeChecked();
  await keys.press("Space");
  await expect(noHouse).not.toBeChecked();
  await saved(page, t);
  await tabTo(page, button("panel_button"));
  await expect(button("panel_button")).not.toHaveAttribute("aria-disabled");
  await keys.press("Enter");
  await expect(title("sign_title")).toBeFocused({ timeout: 20_000 });
  await expect(page.getByText(name).first()).toBeVisible();
  // Several buttons say «Өзгерту»: each also says what.
  for (const change of await page.getByRole("button", { name: new RegExp(`^${t("change_field")}`) }).all()) {
    expect((await change.textContent())!.length).toBeGreaterThan(t("change_field").length);
  }

  // NCALayer's window has a keyboard too; the page says that it is open.
  const outcome = page.locator("#sign-how");
  await tabTo(page, button("sign_eds"));
  await keys.press("Enter");
  const storage = page.getByRole("combobox", { name: t("eds_storage"), exact: true });
  await expect(storage).toBeVisible();
  await demo.post("ncalayer", { mode: "cancel" });
  await tabTo(page, button("sign_eds"));
  await keys.press("Enter");
  const told = outcome.getByRole("alert");
  await expect(told).toContainText(t("agent_cancelled"));
  await expect(told).toMatchAriaSnapshot(`
    - alert:
      - paragraph: ${t("agent_cancelled")}
      - paragraph: /${t("eds_kept").replaceAll(".", "\\.")}/
  `);
  await demo.post("ncalayer", { mode: "dialog" });
  await tabTo(page, button("sign_eds"));
  await keys.press("Enter");
  await expect(page.locator("[role=status][aria-live]")).toContainText(t("eds_waiting"));
  const window = await page.context().newPage();
  await window.goto(`${demo.url}/ncalayer`);
  const key = window.locator(`input[value="${people.erlan.key}"]`);
  await expect(key).toBeEnabled();
  // A group of choices is one stop; its keys are arrows.
  for (let stop = 0; stop < 20 && !(await window.evaluate(() => document.activeElement?.matches("[type=radio]"))); stop++)
    await window.keyboard.press("Tab");
  await window.keyboard.press("Space");
  for (let step = 0; step < 60 && !(await key.isChecked()); step++) await window.keyboard.press("ArrowDown");
  await expect(key).toBeChecked();
  await window.keyboard.press("Tab");
  await expect(window.locator("#password")).toBeFocused();
  await window.keyboard.type("Qwerty12");
  await window.keyboard.press("Enter");
  await expect(title("done_title")).toBeFocused({ timeout: 20_000 });
  await expect(page.getByText(t("done_signed")).first()).toBeVisible();

  // Off the page and out: the way there folds into a menu on a phone.
  if (viewport!.width < 600) {
    const menu = page.getByRole("button", { name: t("menu"), exact: true });
    await tabTo(page, menu, "Shift+Tab");
    await keys.press("Enter");
    await expect(menu).toHaveAttribute("aria-expanded", "true");
  }
  await tabTo(page, button("sign_out"), viewport!.width < 600 ? "Tab" : "Shift+Tab");
  await keys.press("Enter");
  await heading(page, t("start_title"));
});

test("text size, contrast and theme are chosen with keys, and stay @demo", async ({ page, t }) => {
  await page.goto("/");
  await heading(page, t("start_title"));
  const root = page.locator("html");
  const display = page.locator(".display > summary");
  await tabTo(page, display);
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("radio", { name: t("display_size_normal"), exact: true }));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: t("display_size_largest") })).toBeChecked();
  await expect(root).toHaveAttribute("data-text", "200");
  await tabTo(page, page.getByRole("radio", { name: t("display_contrast_normal"), exact: true }));
  await page.keyboard.press("ArrowDown");
  await expect(root).toHaveAttribute("data-contrast", "more");
  await tabTo(page, page.getByRole("radio", { name: t("display_theme_system"), exact: true }));
  await page.keyboard.press("ArrowUp");
  await expect(root).toHaveAttribute("data-theme", "dark");
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);

  // Before anything is painted the next page has them too, also the one behind the sign-in.
  for (const path of ["/help", "/sign-in"]) {
    await page.goto(path);
    await expect(root).toHaveAttribute("data-text", "200");
    await expect(root).toHaveAttribute("data-contrast", "more");
    await expect(root).toHaveAttribute("data-theme", "dark");
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe("32px");
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  }
});
