/** A Redis of its own for a test: a free port of this machine, a temporary folder, an append-only file; ended by its id. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { removeFolder } from "../../../support/folder.ts";

const PASSWORD = "s3cret/word";

function isInstalled(): boolean {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
/** Debian's redis-server. */
export const hasRedis = isInstalled();

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

export class TestRedis {
  readonly folder = mkdtempSync(join(tmpdir(), "poncast-redis-"));
  readonly port: number;
  readonly password = PASSWORD;
  readonly #tls: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(port: number, tls: readonly string[]) {
    this.port = port;
    this.#tls = tls;
  }

  /** @param tls words of its command line, instead of a port without TLS */
  static async start(tls: readonly string[] = []): Promise<TestRedis> {
    const redis = new TestRedis(await freePort(), tls);
    await redis.start();
    return redis;
  }

  /** With its password, as the command is given it. */
  get address(): string {
    const scheme = this.#tls.length > 0 ? "rediss" : "redis";
    return `${scheme}://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${this.port}`;
  }

  /** Where it is, with what it had before. */
  async start(): Promise<void> {
    const ports =
      this.#tls.length > 0
        ? ["--port", "0", "--tls-port", String(this.port), ...this.#tls]
        : ["--port", String(this.port)];
    const settings = [
      "--bind",
      "127.0.0.1",
      "--dir",
      this.folder,
      "--appendonly",
      "yes",
      "--save",
      "",
      "--requirepass",
      PASSWORD,
    ];
    this.#child = spawn("redis-server", [...ports, ...settings], { stdio: "ignore" });
    await this.#asked((client) => client.ping());
  }

  /** All that it holds. */
  async forget(): Promise<void> {
    await this.#asked((client) => client.flushall());
  }

  async usedBytes(): Promise<number> {
    const said = await this.#asked((client) => client.info("memory"));
    return Number(/^used_memory:(\d+)/m.exec(said)?.[1]);
  }

  async #asked<Result>(ask: (client: Redis) => Promise<Result>): Promise<Result> {
    const client = new Redis({
      host: "127.0.0.1",
      port: this.port,
      password: PASSWORD,
      maxRetriesPerRequest: null,
      retryStrategy: () => 50,
      // Who is there is not the question here.
      ...(this.#tls.length > 0 && { tls: { rejectUnauthorized: false } }),
    });
    client.on("error", () => undefined);
    try {
      return await ask(client);
    } finally {
      client.disconnect();
    }
  }

  /** kill -9. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGKILL");
    await gone;
    this.#child = undefined;
  }

  async end(): Promise<void> {
    await this.kill();
    removeFolder(this.folder);
  }
}
