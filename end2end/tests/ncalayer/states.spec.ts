import { comeTo, states } from "../../agent";
import { expect, test } from "../../fixtures";
import { heading } from "../../walk";

// The browser notes every refused connection and every answer of 4xx in its console.
test.use({ expectedConsole: [[/WebSocket connection to/, /status of 4\d\d/], { option: true }] as any });

for (const state of states) {
  test(`signing in by EDS: ${state.name} @demo`, async ({ page, demo, t }) => {
    await comeTo(state, page, demo, t);
  });
}

test("after any of them one press signs in @demo", async ({ page, demo, t }) => {
  for (const mode of ["html", "close", "cancel", "signing_failure"]) {
    await demo.post("ncalayer", { mode });
    if (mode === "html") await page.goto("/sign-in");
    await page.getByRole("button", { name: t("signin_eds_button") }).click();
    await expect(page.getByRole("alert")).toBeVisible();
  }
  await demo.post("ncalayer", { mode: "auto", key: "aliya-gost" });
  await page.getByRole("button", { name: t("signin_eds_button") }).click();
  await heading(page, t("record_title"));
});

test("no socket opens before a press @demo", async ({ page, t }) => {
  const sockets: string[] = [];
  page.on("websocket", (socket) => sockets.push(socket.url()));
  await page.goto("/sign-in");
  await heading(page, t("signin_title"));
  await page.waitForLoadState("networkidle");
  expect(sockets).toEqual([]);
  await page.getByRole("button", { name: t("signin_eds_button") }).click();
  await expect.poll(() => sockets.length).toBe(1);
});
