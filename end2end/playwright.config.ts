// Playwright on Debian's Chromium. Without BASE_URL the demo is started on ports of its own with an empty data folder;
// with BASE_URL only the tests that need no control port run (those without @demo).
import { defineConfig } from "@playwright/test";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const port = Number(process.env.CABINET_PORT ?? 18080);
const outside = Number(process.env.CABINET_OUTSIDE_PORT ?? 18081);
const agent = Number(process.env.CABINET_NCALAYER_PORT ?? 13580);
const agentTls = Number((process.env.CABINET_NCALAYER_TLS_PORT ??= String(agent + 1)));
const smtp = Number(process.env.CABINET_SMTP_PORT ?? 12525);
const baseURL = process.env.BASE_URL ?? `http://127.0.0.1:${port}`;
process.env.OUTSIDE_URL ??= `http://127.0.0.1:${outside}`;
// Samples beside the repository, the national test keys among them; the demo looks for them too.
process.env.CABINET_VECTORS ??= fileURLToPath(new URL("../../shared/vectors", import.meta.url));

const data = (process.env.CABINET_END2END_DATA ??= mkdtempSync(join(tmpdir(), "cabinet-end2end-")));
const demo = process.env.CABINET_DEMO ?? "../target/debug/cabinet-demo";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  // The control port scripts the outside world for everybody: one test at a time.
  workers: 1,
  retries: 0,
  reporter: process.env.CI ? [["list"]] : [["list"], ["html", { open: "never" }]],
  grepInvert: process.env.BASE_URL ? /@demo/ : undefined,
  use: {
    baseURL,
    locale: "kk-KZ",
    timezoneId: "Asia/Almaty",
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
    },
  },
  projects: [
    // What another width would say again bears «once» in its name.
    { name: "360", testIgnore: ["log/**", "**/*.once.spec.ts"], use: { viewport: { width: 360, height: 740 } } },
    { name: "1280", testIgnore: "log/**", use: { viewport: { width: 1280, height: 900 } } },
    // Reads what the others have left in the log. With one worker projects run in this order.
    { name: "log", testMatch: "log/**" },
  ],
  webServer: process.env.BASE_URL
    ? undefined
    : {
        command: [
          demo,
          `--port ${port} --outside-port ${outside} --ncalayer-port ${agent} --tls-ncalayer ${agentTls} --smtp-port ${smtp}`,
          `--data ${data} --page ../dist`,
          `2>${join(data, "log.txt")}`,
        ].join(" "),
        url: `${baseURL}/readyz`,
        timeout: 60_000,
        stdout: "ignore",
        gracefulShutdown: { signal: "SIGTERM", timeout: 5_000 },
      },
});
