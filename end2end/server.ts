// A server of a test's own, to be killed and started again over the same data, with another page if need be.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Demo, expect } from "./fixtures";

export class OwnServer {
  readonly url: string;
  readonly demo: Demo;
  private readonly data = mkdtempSync(join(tmpdir(), "cabinet-own-server-"));
  private process?: ChildProcess;

  /** Takes four ports from this one on. */
  constructor(private readonly port: number) {
    this.url = `http://127.0.0.1:${port}`;
    this.demo = new Demo(`http://127.0.0.1:${port + 1}`);
  }

  async start({ page = "../dist", assets }: { page?: string; assets?: string } = {}) {
    const { port } = this;
    const ports = ["--port", port, "--outside-port", port + 1, "--ncalayer-port", port + 2, "--smtp-port", port + 3].map(String);
    const more = assets ? ["--assets", assets] : [];
    this.process = spawn(
      process.env.CABINET_DEMO ?? "../target/debug/cabinet-demo",
      [...ports, "--data", this.data, "--page", page, ...more],
      { stdio: "ignore" },
    );
    const ready = () => fetch(`${this.url}/readyz`).then((answer) => answer.status, () => 0);
    await expect.poll(ready, { timeout: 60_000 }).toBe(200);
  }

  async kill() {
    const { process } = this;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const gone = new Promise((resolve) => process.once("exit", resolve));
    process.kill("SIGKILL");
    await gone;
  }
}
