// Each refusal of eligibility and each trouble of GBD FL, with its own words in three languages, and nothing lost by any of
// them. One person, one sign-in a language; the simulator changes what it holds between two looks at the form.
import { expect, test, type Demo } from "../../fixtures";
import { texts, type Lang } from "../../texts";
import { aStreet, heading, openFreshForm, people, saved, signInByPassword } from "../../walk";
import type { Page } from "@playwright/test";

// The browser itself notes every refused answer in its console.
test.use({ expectedConsole: [[/status of [45]\d\d/], { option: true }] as any });
// The words are the same at every width; refusals.spec.ts looks at them at both.
const { iin } = people.elena;

const refusals = [
  { mode: "dead", text: "refusal_life" },
  { mode: "contradicting", text: "refusal_life" },
  { mode: "incapable", text: "refusal_incapable" },
  { mode: "limited", text: "refusal_limited" },
  { mode: "capacity_unheard_of", text: "refusal_capacity_unknown" },
  { mode: "excluded", text: "refusal_excluded" },
  { mode: "nobody", text: "refusal_excluded" },
  { mode: "document_ended", text: "refusal_no_document" },
  { mode: "document_invalid", text: "refusal_no_document" },
  { mode: "other_surname", text: "refusal_mismatch", field: "compared_surname" },
  { mode: "other_given_name", text: "refusal_mismatch", field: "compared_given_name" },
  { mode: "other_patronymic", text: "refusal_mismatch", field: "compared_patronymic" },
  { mode: "other_birth_date", text: "refusal_mismatch", field: "compared_birth_date" },
];
const troubles = ["http500", "malformed", "fault", "refused", "stale", "partial"];
const languages: Lang[] = ["kk", "ru", "en"];

type T = ReturnType<typeof texts>;

/** A form with a street of its own, saved. */
async function begun(page: Page, lang: Lang): Promise<{ t: T; street: string }> {
  const t = texts(lang);
  await page.goto(`/help?lang=${lang}`);
  await signInByPassword(page, t, iin);
  await heading(page, t("record_title"));
  await openFreshForm(page, t);
  const street = aStreet();
  await page.getByLabel(t("field_street"), { exact: true }).fill(street);
  await saved(page, t);
  return { t, street };
}

/** From now on the register answers so, and is asked anew. */
const scripted = (demo: Demo, mode: string) => demo.post("gbdfl", { mode, for_iin: iin, forget: true });

async function isAsBefore(page: Page, demo: Demo, { t, street }: { t: T; street: string }) {
  await scripted(demo, "ok");
  await page.goto("/form");
  await expect(page.getByLabel(t("field_street"), { exact: true })).toHaveValue(street);
}

for (const lang of languages) {
  test(`each refusal has its words and loses nothing, ${lang} @demo`, async ({ page, demo }) => {
    const form = await begun(page, lang);
    const { t } = form;
    for (const { mode, text, field } of refusals) {
      await scripted(demo, mode);
      await page.goto("/form");
      const refusal = page.getByRole("alert").filter({ hasText: t("refusal_title") });
      await expect(refusal, mode).toContainText(t(text, field ? { fields: t(field) } : {}));
      await expect(refusal.getByRole("link", { name: /1418/ }), mode).toBeVisible();
      await expect(page.getByText(/БАСҚА/), "the register's value isn't told").toHaveCount(0);
    }
    await isAsBefore(page, demo, form);
  });

  test(`each trouble of GBD FL is told and loses nothing; a declined consent leads back, ${lang} @demo`, async ({ page, demo }) => {
    const form = await begun(page, lang);
    const { t } = form;
    for (const mode of troubles) {
      const before = (await scripted(demo, mode)).gbdfl_asked;
      await page.goto("/form");
      const told = page.getByRole("alert").filter({ hasText: t("err_register") });
      await expect(told, mode).toContainText(t("err_register_text"));
      await expect(told.getByRole("button", { name: t("retry") }), mode).toBeVisible();
      expect((await demo.get("control/state")).gbdfl_asked, mode).toBeGreaterThan(before);
    }
    await isAsBefore(page, demo, form);
    await page.goto("/consent");
    await heading(page, t("consent_title"));
    await expect(page.getByRole("checkbox", { name: t("consent_box") })).not.toBeChecked();
    await page.getByRole("link", { name: t("consent_decline") }).click();
    await heading(page, t("services_title"));
  });
}

test("a slow GBD FL is given up in three languages at once @demo", async ({ browser, demo }) => {
  const contexts = await Promise.all(languages.map(() => browser.newContext({ viewport: { width: 1280, height: 900 } })));
  const pages = await Promise.all(contexts.map((context) => context.newPage()));
  const t = languages.map(texts);
  let street = "";
  for (const [index, page] of pages.entries()) {
    if (index === 0) {
      ({ street } = await begun(page, languages[index]));
      continue;
    }
    await page.goto(`/help?lang=${languages[index]}`);
    await signInByPassword(page, t[index], iin);
    await heading(page, t[index]("record_title"));
  }
  await demo.post("gbdfl", { mode: "slow", for_iin: iin, slow_seconds: 20, forget: true });
  // Three tries of four seconds.
  await Promise.all(
    pages.map(async (page, index) => {
      await page.goto("/form");
      const told = page.getByRole("alert").filter({ hasText: t[index]("err_register") });
      await expect(told).toContainText(t[index]("err_register_text"), { timeout: 25_000 });
    }),
  );
  await isAsBefore(pages[0], demo, { t: t[0], street });
  await Promise.all(contexts.map((context) => context.close()));
});
