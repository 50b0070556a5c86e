// Takes the five main screens in three languages, two widths and both themes, out of the built gallery, into docs/screens:
// `make screens`. Looked at by people; the checks don't read them.
import { chromium } from "@playwright/test";
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const port = Number(process.env.CABINET_GALLERY_PORT ?? 18090);
const screens = { start: "start", "sign-in": "sign_in", form: "form_begun", "sign-qr": "sign_qr", done: "done" };

const server = spawn("node", [at("../../hooks/serve.mjs"), at("../../dist-gallery"), String(port)], { stdio: "inherit" });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--font-render-hinting=none"],
});
mkdirSync(at("../../docs/screens"), { recursive: true });
try {
  for (const width of [360, 1280]) {
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      reducedMotion: "reduce",
      timezoneId: "Asia/Almaty",
    });
    const page = await context.newPage();
    for (const lang of ["kk", "ru", "en"]) {
      for (const theme of ["light", "dark"]) {
        for (const [name, story] of Object.entries(screens)) {
          await page.goto(`http://127.0.0.1:${port}/index.html?bare=1&motion=off&lang=${lang}&theme=${theme}#pages/${story}`);
          await page.waitForFunction((id) => document.documentElement.dataset.story === id, `pages/${story}`);
          await page.evaluate(() => document.fonts.ready);
          await page.screenshot({ path: at(`../../docs/screens/${name}-${lang}-${width}-${theme}.png`), fullPage: true });
        }
      }
    }
    await context.close();
  }
} finally {
  await browser.close();
  server.kill();
}
