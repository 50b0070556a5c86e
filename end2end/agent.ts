// What may stand at NCALayer's address besides the simulator: nothing, a program that never answers, a certificate nobody
// trusts. And every state of signing in that a person may come to, with the words that must be on the screen then.
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { expect, type Page } from "@playwright/test";
import type { Demo } from "./fixtures";
import type { texts } from "./texts";

type T = ReturnType<typeof texts>;

/** The ids of the demo's keys that this person must not sign with, or not everything. */
export const keys = {
  authentication: "aliya-rsa-auth",
  organisation: "aliya-org",
  expired: "aliya-expired",
  revoked: "aliya-revoked",
  unknownToTheFund: "zhanar-gost",
};

/** The port at which the demo's simulator speaks TLS with a certificate of its own. */
export const TLS_PORT = Number(process.env.CABINET_NCALAYER_TLS_PORT);

/**
 * From its next loading on, the page's sockets open at this address. The page must come over the network as it is: one that
 * a test answers itself has no address, and the browser keeps it from this computer.
 */
export async function moveAgent(page: Page, address: string) {
  const browser = await page.context().newCDPSession(page);
  // The policy names the simulator's address alone.
  await browser.send("Page.setBypassCSP", { enabled: true });
  await page.addInitScript((address) => {
    window.WebSocket = class extends WebSocket {
      constructor() {
        super(address);
      }
    };
  }, address);
}

/** A program that takes connections and says nothing, like a browser's open question about permission. */
export async function mute(): Promise<{ address: string; close: () => Promise<void> }> {
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => open.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    address: `ws://127.0.0.1:${port}`,
    close: () => {
      open.forEach((socket) => socket.destroy());
      return new Promise((done) => server.close(() => done()));
    },
  };
}

/** An address at which nothing listens. */
export async function nobody(): Promise<string> {
  const program = await mute();
  await program.close();
  return program.address;
}

export interface State {
  name: string;
  /** Before the page is opened. Returns what is to be done at the end. */
  prepare: (page: Page, demo: Demo) => Promise<void | (() => Promise<void>)>;
  /** After the press. */
  meanwhile?: (page: Page, demo: Demo) => Promise<void>;
  title: string;
  text: string;
  values?: Record<string, string>;
  /** The attempt is still under way: a button stops it. */
  waits?: boolean;
  /** More that must be there. */
  also?: (page: Page, t: T) => Promise<void>;
}

const scripted = (script: Record<string, unknown>) => async (_: Page, demo: Demo) => {
  await demo.post("ncalayer", script);
};

const careless = (key: string) => scripted({ mode: "auto", key, unfiltered: true });

/** Steps, and where the program and its manual are. */
async function findingNcaLayer(page: Page, t: T) {
  const address = "https://127.0.0.1:13579/";
  for (const step of ["agent_unreachable_1", "agent_unreachable_2", "agent_unreachable_3"]) {
    await expect(page.getByRole("listitem").filter({ hasText: t(step, { address }) })).toBeVisible();
  }
  // Beside this page, which keeps what was typed.
  const itsPage = page.getByRole("link", { name: address });
  await expect(itsPage).toHaveAttribute("href", address);
  await expect(itsPage).toHaveAttribute("target", "_blank");
  await gettingNcaLayer(page, t);
}

/** Where the program and its manual are. */
async function gettingNcaLayer(page: Page, t: T) {
  await expect(page.getByRole("link", { name: t("eds_install") })).toHaveAttribute(
    "href",
    "https://pki.gov.kz/ncalayer/",
  );
  await expect(page.getByRole("link", { name: t("eds_manual") })).toHaveAttribute("href", "/help#eds");
}

/** The ways to a person, in the notice itself. */
async function whomToAsk(page: Page, t: T) {
  const notice = page.getByRole("alert");
  await expect(notice.getByRole("link", { name: /1418/ })).toHaveAttribute("href", "tel:1418");
  await expect(notice.getByRole("link", { name: t("footer_branch_link") })).toBeVisible();
}

const technical = (mode: string, code: string): State => ({
  name: `a technical error (${mode})`,
  prepare: scripted({ mode }),
  title: "agent_technical",
  text: "agent_technical_text",
  values: { code },
  // The code is in the notice, to be told to those named there, and in the footer for whoever scrolls on.
  also: async (page, t) => {
    await whomToAsk(page, t);
    await expect(page.getByRole("contentinfo")).toContainText(`${t("footer_error_code")}: ${code}`);
  },
});

const nonsense = (mode: string): State => ({
  name: `an answer nobody understands (${mode})`,
  prepare: scripted({ mode }),
  title: "agent_bad_answer",
  text: "agent_bad_answer_text",
});

export const states: State[] = [
  {
    name: "the browser may be asking for permission",
    prepare: async (page) => {
      const program = await mute();
      await moveAgent(page, program.address);
      return program.close;
    },
    title: "eds_permission",
    text: "eds_permission_text",
    waits: true,
  },
  {
    name: "not running or not installed",
    prepare: async (page) => moveAgent(page, await nobody()),
    title: "agent_unreachable",
    text: "agent_unreachable_text",
    also: findingNcaLayer,
  },
  {
    name: "its certificate not trusted",
    prepare: (page) => moveAgent(page, `wss://127.0.0.1:${TLS_PORT}`),
    title: "agent_unreachable",
    text: "agent_unreachable_text",
    also: findingNcaLayer,
  },
  {
    name: "an old version, by its greeting",
    prepare: scripted({ version: "1.1" }),
    title: "agent_old",
    text: "agent_old_text",
    also: gettingNcaLayer,
  },
  {
    name: "an old version, by its modules",
    prepare: scripted({ without_modules: true }),
    title: "agent_old",
    text: "agent_old_text",
    also: gettingNcaLayer,
  },
  {
    name: "its window open",
    prepare: scripted({ mode: "dialog" }),
    title: "eds_waiting",
    text: "eds_waiting_text",
    waits: true,
  },
  {
    name: "cancelled",
    prepare: scripted({ mode: "cancel" }),
    title: "agent_cancelled",
    text: "agent_cancelled_text",
  },
  {
    name: "cancelled in the old module",
    prepare: scripted({ mode: "cancel", without_basics: true }),
    title: "agent_cancelled",
    text: "agent_cancelled_text",
  },
  {
    name: "left open for ten minutes",
    prepare: async (page, demo) => {
      await demo.post("ncalayer", { mode: "silent" });
      // Ten minutes pass in a second. (Playwright's own clock numbers its timers too high for a program in WASM.)
      await page.addInitScript(() => {
        const wait = window.setTimeout;
        window.setTimeout = ((act: TimerHandler, ms?: number, ...rest: unknown[]) =>
          wait(act, ms === 600_000 ? 1_000 : ms, ...rest)) as typeof window.setTimeout;
      });
    },
    meanwhile: async (page) => {
      await expect(page.locator(".notice--warning")).toBeVisible();
    },
    title: "agent_timeout",
    text: "agent_timeout_text",
  },
  {
    name: "closed meanwhile",
    prepare: scripted({ mode: "close" }),
    title: "agent_closed",
    text: "agent_closed_text",
  },
  technical("invocation_error", "INVOCATION_ERROR"),
  technical("general_error", "GENERAL_ERROR"),
  technical("signing_failure", "SIGNING_FAILURE"),
  technical("error_without_message", "500"),
  technical("type_mismatch", "500"),
  nonsense("garbage"),
  nonsense("html"),
  nonsense("binary"),
  nonsense("huge"),
  nonsense("nonsense"),
  nonsense("wrong_greeting"),
  nonsense("no_greeting"),
  {
    name: "an organisation's key",
    prepare: careless(keys.organisation),
    title: "sig_organisation",
    text: "sig_organisation_text",
  },
  {
    name: "an expired key",
    prepare: careless(keys.expired),
    title: "sig_expired",
    text: "sig_expired_text",
  },
  {
    name: "a revoked key",
    prepare: careless(keys.revoked),
    title: "sig_revoked",
    text: "sig_revoked_text",
  },
  {
    name: "a key nobody can check just now",
    prepare: async (_, demo) => {
      await demo.post("ocsp", { mode: "down" });
      await demo.post("crl", { mode: "down" });
      // Lists fetched before have ended.
      await demo.post("clock", { advance_seconds: 10 * 86_400 });
      await demo.post("ncalayer", { mode: "auto", key: "aliya-gost" });
    },
    title: "sig_revocation_unknown",
    text: "sig_revocation_unknown_text",
  },
  {
    name: "something else was signed",
    prepare: scripted({ mode: "another_document", key: "aliya-gost" }),
    title: "sig_challenge_unknown",
    text: "sig_challenge_unknown_text",
  },
  {
    name: "a person the Fund doesn't know",
    prepare: careless(keys.unknownToTheFund),
    title: "err_unknown_person",
    text: "err_unknown_person_text",
    also: whomToAsk,
  },
];

/** Brings the page into the state and looks at what it says. */
export async function comeTo(state: State, page: Page, demo: Demo, t: T) {
  const undo = await state.prepare(page, demo);
  try {
    await page.goto("/sign-in");
    const start = page.getByRole("button", { name: t("signin_eds_button") });
    await start.click();
    await state.meanwhile?.(page, demo);
    const notice = page.locator(".notice").filter({ hasText: t(state.title) });
    await expect(notice).toBeVisible({ timeout: 30_000 });
    await expect(notice).toContainText(t(state.text, state.values));
    await state.also?.(page, t);
    const sticksOut = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(sticksOut, "nothing sticks out sideways").toBeLessThanOrEqual(0);
    if (state.waits) {
      await expect(start).toBeHidden();
      await page.getByRole("button", { name: t("eds_cancel") }).click();
      await expect(page.getByText(t("agent_cancelled"), { exact: true })).toBeVisible();
    }
    // The next step is at hand: the same button, in the page, ready.
    await expect(start).toBeEnabled();
    await expect(page.getByLabel(t("signin_iin"), { exact: true })).toBeEditable();
  } finally {
    await undo?.();
  }
}
