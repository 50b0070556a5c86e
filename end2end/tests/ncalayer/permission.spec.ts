// The browser's permission to reach programs on this computer. Chromium asks for it only between address spaces, so it is
// told that the page's own address is a public one. Headless it shows no question: an open one counts as refused, so what
// the page says meanwhile is shown in the gallery.
import { chromium, type Browser, type Page } from "@playwright/test";
import { expect, test } from "../../fixtures";
import { heading, people, pressEds, signInByPassword, toSigning } from "../../walk";

const inSpaceOfItsOwn = async (address: string, use: (browser: Browser) => Promise<void>, launch: any) => {
  const browser = await chromium.launch({
    ...launch,
    args: [...(launch.args ?? []), `--ip-address-space-overrides=${new URL(address).host}=public`],
  });
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
};

const permissionTest = test.extend<{ page: Page; allow: (setting: "granted" | "denied" | "prompt") => Promise<void> }>({
  page: async ({ baseURL, launchOptions, viewport, locale }, use) => {
    await inSpaceOfItsOwn(
      baseURL!,
      async (browser) => {
        const context = await browser.newContext({ baseURL, viewport, locale });
        await use(await context.newPage());
      },
      launchOptions,
    );
  },
  allow: async ({ page, baseURL }, use) => {
    const session = await page.context().browser()!.newBrowserCDPSession();
    await use(async (setting) => {
      // Of the page's own context, which isn't the browser's default one.
      const { targetInfos } = await session.send("Target.getTargets");
      const target = targetInfos.find(({ type }) => type === "page" && type)!;
      await session.send("Browser.setPermission", {
        permission: { name: "loopback-network" },
        setting,
        origin: baseURL,
        browserContextId: target.browserContextId,
      });
    });
  },
});

permissionTest.use({ expectedConsole: [[/WebSocket connection to/, /address space/], { option: true }] as any });

permissionTest("granted: EDS signs in @demo", async ({ page, allow, demo, t }) => {
  await allow("granted");
  await demo.post("ncalayer", { mode: "auto", key: people.aliya.key });
  await page.goto("/sign-in");
  await page.getByRole("button", { name: t("signin_eds_button") }).click();
  await heading(page, t("record_title"));
});

permissionTest("denied: told as what it is, with the way back; allowed again, one press signs in @demo", async ({ page, allow, demo, t }) => {
  await allow("denied");
  await demo.post("ncalayer", { mode: "auto", key: people.aliya.key });
  await page.goto("/sign-in");
  await page.getByRole("button", { name: t("signin_eds_button") }).click();
  await expect(page.getByRole("alert")).toContainText(t("agent_denied"));
  await expect(page.getByRole("alert")).toContainText(t("agent_denied_text"));
  const steps = page.locator("#eds").getByRole("listitem");
  await expect(steps).toHaveText([t("agent_denied_1"), t("agent_denied_2"), t("agent_denied_3")]);
  await allow("granted");
  await page.getByRole("button", { name: t("signin_eds_button") }).click();
  await heading(page, t("record_title"));
});

permissionTest("denied while signing: QR is offered @demo", async ({ page, allow, t }) => {
  await allow("denied");
  await signInByPassword(page, t, people.aliya.iin);
  await heading(page, t("record_title"));
  await toSigning(page, t);
  await pressEds(page, t);
  await expect(page.getByRole("alert")).toContainText(t("agent_denied_text"));
  await expect(page.getByRole("alert")).toContainText(t("eds_kept"));
  await page.getByRole("button", { name: t("sign_qr") }).click();
  await heading(page, t("qr_title"));
});

permissionTest("a question that is dismissed: NCALayer wasn't reached, and the steps say why that may be @demo", async ({ page, allow, demo, t }) => {
  await allow("prompt");
  await demo.post("ncalayer", { mode: "auto", key: people.aliya.key });
  await page.goto("/sign-in");
  await page.getByRole("button", { name: t("signin_eds_button") }).click();
  await expect(page.getByRole("alert")).toContainText(t("agent_unreachable"), { timeout: 30_000 });
  await expect(page.getByRole("alert")).toContainText(t("agent_unreachable_text"));
});
