import { comeTo, states } from "../../agent";
import { test } from "../../fixtures";
import { texts } from "../../texts";

test.use({ expectedConsole: [[/WebSocket connection to/, /status of 4\d\d/], { option: true }] as any });

for (const lang of ["ru", "en"] as const) {
  test.describe(lang, () => {
    test.use({ locale: lang, t: async ({}, use) => use(texts(lang)) });

    for (const state of states) {
      test(`signing in by EDS, ${lang}: ${state.name} @demo`, async ({ page, demo, t }) => {
        await comeTo(state, page, demo, t);
      });
    }
  });
}
