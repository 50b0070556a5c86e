// «Аудан немесе қала» suggests places of the classifier by any part of the name, each with its whole path; a choice fills
// region, district and settlement at once. Typing by hand stays possible.
import { expect, test } from "../../fixtures";
import { heading, openForm, people, signInByPassword } from "../../walk";

test("a village found by part of its name fills three fields @demo", async ({ page, t }) => {
  await signInByPassword(page, t, people.aliya.iin);
  await heading(page, t("record_title"));
  await openForm(page, t);
  const district = page.getByRole("combobox", { name: t("field_district") });
  await page.getByLabel(t("field_region")).selectOption({ label: "Алматы облысы" });
  await district.fill("озынагаш");
  await expect(page.getByRole("listbox").getByRole("option")).toHaveCount(0);
  await district.fill("узынағ");
  await expect(page.getByRole("listbox").getByRole("option")).toHaveText([
    "Алматы облысы, Жамбыл ауданы, Ұзынағаш ауылдық округі, Ұзынағаш ауылы",
  ]);
  await district.press("ArrowDown");
  await district.press("Enter");
  await expect(district).toHaveValue("Жамбыл ауданы");
  await expect(page.getByRole("combobox", { name: t("field_settlement") })).toHaveValue("Ұзынағаш ауылы");
  await expect(page.getByRole("listbox").getByRole("option")).toHaveCount(0);
});

test.describe("without the network", () => {
  test.use({ expectedConsole: [/Failed to load resource: net::ERR_FAILED/] });

  test("what isn't in the list is typed by hand, and a lost network spoils nothing @demo", async ({ page, t }) => {
    await signInByPassword(page, t, people.aliya.iin);
    await heading(page, t("record_title"));
    await openForm(page, t);
    const district = page.getByRole("combobox", { name: t("field_district") });
    await district.fill("Жаңа қала");
    await expect(page.getByRole("listbox").getByRole("option")).toHaveCount(0);
    await expect(district).toHaveValue("Жаңа қала");
    await page.route("**/api/addresses/suggest_places", (route) => route.abort());
    await district.fill("Тараз");
    await page.waitForRequest("**/api/addresses/suggest_places");
    await expect(page.getByRole("listbox").getByRole("option")).toHaveCount(0);
    await expect(district).toHaveValue("Тараз");
  });
});
