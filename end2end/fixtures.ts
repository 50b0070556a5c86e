// What every test gets: a page that must stay free of console errors and policy violations, the texts, and (for tests
// tagged @demo) the demo's control port.
import { test as base, expect, type Page } from "@playwright/test";
import { texts } from "./texts";

export { expect };

/** The demo's control port. Paths: README of the demo in src/demo.rs. */
export class Demo {
  constructor(readonly url = process.env.OUTSIDE_URL ?? "http://127.0.0.1:18081") {}

  async post(path: string, body: unknown = {}): Promise<any> {
    const answer = await fetch(`${this.url}/control/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`control/${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  async get(path: string): Promise<any> {
    const answer = await fetch(`${this.url}/${path}`);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.json();
  }

  reset() {
    return this.post("reset");
  }
}

type Fixtures = {
  demo: Demo;
  t: ReturnType<typeof texts>;
  /** Messages the test expects in the console, e.g. a refused connection it provokes. */
  expectedConsole: RegExp[];
  watched: void;
};

export const test = base.extend<Fixtures>({
  demo: async ({}, use) => {
    const demo = new Demo();
    await demo.reset();
    await use(demo);
    await demo.reset();
  },
  t: async ({}, use) => use(texts("kk")),
  expectedConsole: [[], { option: true }],
  watched: [
    async ({ page, expectedConsole }, use) => {
      const troubles: string[] = [];
      watch(page, troubles);
      await use();
      const unexpected = troubles.filter((trouble) => !expectedConsole.some((expected) => expected.test(trouble)));
      expect(unexpected, "the console stays clean").toEqual([]);
    },
    { auto: true },
  ],
});

function watch(page: Page, troubles: string[]) {
  page.on("console", (message) => {
    if (message.type() === "error") troubles.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => troubles.push(`uncaught: ${error.message}`));
}
