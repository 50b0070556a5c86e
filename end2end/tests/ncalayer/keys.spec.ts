// Signing in and signing with each kind of key that people have, end to end.
import { keys } from "../../agent";
import { expect, test } from "../../fixtures";
import { heading, people, pressEds, signInByEds, toSigning } from "../../walk";

const kinds = [
  { name: "a GOST key", key: people.aliya.key },
  { name: "an RSA key", key: people.aliya.rsaKey },
];

for (const { name, key } of kinds) {
  test(`${name} signs in and signs @demo`, async ({ page, demo, t }) => {
    await signInByEds(page, t, demo, key);
    const street = await toSigning(page, t);
    await pressEds(page, t);
    await heading(page, t("done_title"));
    await expect(page.getByText(t("done_way_eds"))).toBeVisible();
    await page.goto("/record");
    await expect(page.getByText(street)).toBeVisible();
  });
}

test("a key for authentication only signs in, but no document @demo", async ({ page, demo, t }) => {
  await signInByEds(page, t, demo, keys.authentication);
  await toSigning(page, t);
  const tried = page.waitForEvent("websocket");
  await pressEds(page, t);
  await tried;
  // As in the real window, the key can't be chosen: the window stays open.
  await expect(page.getByText(t("eds_waiting"), { exact: true })).toBeVisible();
  await page.getByRole("button", { name: t("eds_cancel") }).click();
  await expect(page.getByText(t("agent_cancelled"), { exact: true })).toBeVisible();
});

for (const shape of ["string", "object", "bare"]) {
  test(`a result as ${shape} signs in @demo`, async ({ page, demo, t }) => {
    await demo.post("ncalayer", { mode: "auto", key: people.aliya.key, shape, version: "1.3" });
    await page.goto("/sign-in");
    await page.getByRole("button", { name: t("signin_eds_button") }).click();
    await heading(page, t("record_title"));
  });
}

test("where the new module is missing, the old one signs in and signs @demo", async ({ page, demo, t }) => {
  const script = { mode: "auto", key: people.aliya.key, without_basics: true, version: "1.2" };
  await demo.post("ncalayer", script);
  await page.goto("/sign-in");
  await page.getByRole("button", { name: t("signin_eds_button") }).click();
  await heading(page, t("record_title"));
  await toSigning(page, t);
  await pressEds(page, t);
  await heading(page, t("done_title"));
});
