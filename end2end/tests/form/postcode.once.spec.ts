// «Қазпошта», where it is connected, offers the index of the address typed; without its answer the index is typed by hand.
import { expect, test } from "../../fixtures";
import { heading, openFreshForm, people, signInByPassword } from "../../walk";

test("the index of an address is offered and taken; a silent directory stops nobody @demo", async ({ page, demo, t }) => {
  await signInByPassword(page, t, people.elena.iin);
  await heading(page, t("record_title"));
  await openFreshForm(page, t);
  const postcode = page.getByLabel(t("field_postcode"), { exact: false });
  const street = page.getByLabel(t("field_street"), { exact: true });
  const offered = page.getByRole("status").filter({ hasText: t("postcode_found") });
  await postcode.fill("");
  await street.fill("Бейбітшілік даңғылы");
  await expect(offered.getByRole("button")).toHaveText([/^M03A5B9 Қарағанды облысы, .*14\/2$/, /^101400 Карагандинская/]);
  await offered.getByRole("button", { name: "M03A5B9" }).click();
  await expect(postcode).toHaveValue("M03A5B9");
  await expect(postcode).toBeFocused();
  await expect(offered).toHaveCount(0);

  await demo.post("kazpost", { mode: "down" });
  await postcode.fill("");
  await street.fill("Бейбітшілік көшесі");
  await page.waitForResponse("**/api/addresses/suggest_postcodes");
  await expect(offered).toHaveCount(0);
  await postcode.fill("101400");
  await expect(postcode).toHaveValue("101400");
});
