// The national test keys lie outside the repository (../shared/vectors/nuc-rk): without them there is nothing to test. On
// 2027-02-07 their list of revoked certificates ends: from then on the demo mustn't offer them.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "../../fixtures";
import { heading, people, signInByEds, toSigning } from "../../walk";

const LIST_ENDS = Date.parse("2027-02-07T00:00:00Z");
const there = existsSync(join(process.env.CABINET_VECTORS!, "nuc-rk"));

async function offered(demo: { get(path: string): Promise<any> }): Promise<string[]> {
  const everybody: { keys: { id: string; national: boolean }[] }[] = await demo.get("control/people");
  return everybody.flatMap((person) => person.keys.filter((key) => key.national).map((key) => key.id));
}

if (there && Date.now() < LIST_ENDS) {
  test("a national test key opens the cabinet and signs @demo", async ({ page, demo, t }) => {
    expect(await offered(demo)).toContain(people.testov.key);
    await signInByEds(page, t, demo, people.testov.key);
    await toSigning(page, t);
    await page.getByRole("button", { name: t("sign_eds"), exact: true }).click();
    await page.getByRole("button", { name: t("sign_eds"), exact: true }).click();
    await heading(page, t("done_title"));
    await expect(page.getByText(t("done_signed")).first()).toBeVisible();
  });
} else if (there) {
  test("national test keys that can't be checked any more aren't offered @demo", async ({ demo }) => {
    expect(await offered(demo)).toEqual([]);
  });
}
