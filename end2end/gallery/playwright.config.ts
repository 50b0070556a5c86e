// The checks over the gallery: every component and page in every state, as `make preview` shows them. Serves the built
// folder itself (dist-gallery); `make test-gallery` builds it.
import { defineConfig } from "@playwright/test";

const port = Number(process.env.CABINET_GALLERY_PORT ?? 18090);

export default defineConfig({
  testDir: ".",
  outputDir: "../test-results/gallery",
  snapshotPathTemplate: "{testDir}/{arg}{ext}",
  updateSnapshots: "none",
  timeout: 300_000,
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  workers: 2,
  retries: 0,
  reporter: [["list"]],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    locale: "kk-KZ",
    timezoneId: "Asia/Almaty",
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run", "--font-render-hinting=none", "--disable-lcd-text"],
    },
  },
  webServer: {
    command: `node ../../hooks/serve.mjs ../../dist-gallery ${port}`,
    url: `http://127.0.0.1:${port}/stories.json`,
    timeout: 10_000,
  },
});
