/** `poncast acs` as a process: killed while devices report, started again, and nothing is lost, asked or told twice; over TLS with a staple. */
import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CWMP_EVENTS, type CwmpMessage } from "../../../cwmp/index.ts";
import { cpePassword } from "../../../headend/acs/index.ts";
import { ask, HttpSession, informOf } from "./client.ts";
import { removeFolder } from "../../support/folder.ts";

const run = promisify(execFile);
const PONCAST_ACS = [resolve("cli/poncast.mjs"), "acs"];
const DEVICES = 24;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "poncast-acs-"));
  writeFileSync(join(folder, "firmware-2.0.0.swu"), "x".repeat(50_000));
});
afterAll(() => removeFolder(folder));

interface Served {
  child: ChildProcess;
  url: string;
  out: () => string;
  ended: Promise<number | null>;
}

async function serve(...words: string[]): Promise<Served> {
  const args = [...PONCAST_ACS, "firmware-2.0.0.swu", "--listen", "127.0.0.1:0", "--state", "state", ...words];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((done) => child.once("close", done));
  let out = "";
  const url = await new Promise<string>((done, fail) => {
    const take = (bytes: Buffer): void => {
      out += bytes.toString();
      const found = /listening on ([^,]+),/.exec(out);
      if (found !== null) done(found[1]);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    void ended.then((code) => fail(new Error(`ended with ${code}: ${out}`)));
  });
  return { child, url, out: () => out, ended };
}

const taken = { method: "DownloadResponse", status: 1, startTime: "unknown", completeTime: "unknown" } as const;

/** A device as it is from the Inform to the report, each session begun again until the ACS has answered all of it. */
class Device {
  readonly #serial: string;
  readonly #token: string;
  /** Command keys of downloads that it was asked for and has taken. */
  readonly keys: string[] = [];
  /** Times that it has begun to tell of the end. */
  reports = 0;
  #reported = false;

  constructor(serial: string, token: string) {
    this.#serial = serial;
    this.#token = token;
  }

  get id(): string {
    return `00D09E-ONT-${this.#serial}`;
  }

  get isDone(): boolean {
    return this.#reported;
  }

  /** One session, as far as it gets. */
  async session(url: string): Promise<void> {
    const name = this.id;
    const session = new HttpSession(`${url}/acs`, { username: name, password: cpePassword(this.#token, name) });
    try {
      const key = this.keys.at(-1);
      const isUpdated = key !== undefined;
      const events = isUpdated
        ? ([[CWMP_EVENTS.transferComplete], [CWMP_EVENTS.methodDownload, key]] as const)
        : undefined;
      await session.say(informOf(this.#serial, isUpdated ? "2.0.0" : "1.0.0", this.#reported ? undefined : events));
      if (isUpdated && !this.#reported) {
        this.reports++;
        const fault = { faultCode: 0, faultString: "" };
        const told = await session.say({
          method: "TransferComplete",
          commandKey: key,
          fault,
          startTime: "unknown",
          completeTime: "unknown",
        });
        this.#reported = told?.method === "TransferCompleteResponse";
      }
      let asked = await session.say();
      while (asked !== undefined) asked = await session.say(this.#answer(asked));
    } finally {
      session.end();
    }
  }

  #answer(asked: CwmpMessage): CwmpMessage {
    if (asked.method === "Download") {
      this.keys.push(asked.commandKey);
      return taken;
    }
    if (asked.method === "GetAllQueuedTransfers") {
      const transfers = this.keys.map((commandKey) => ({
        commandKey,
        state: 3,
        isDownload: true,
        fileType: "",
        fileSizeBytes: 0,
        targetFileName: "",
      }));
      return { method: "GetAllQueuedTransfersResponse", transfers };
    }
    return { method: "SetParameterValuesResponse", status: 0 };
  }
}

it("killed while devices report: nothing is lost, no device is asked twice, and each end is told once", async () => {
  let served = await serve();
  const token = readFileSync(join(folder, "state", "token"), "utf8").trim();
  expect(served.out()).toContain(token);
  const devices = Array.from({ length: DEVICES }, (_, at) => new Device(`${at}`, token));
  let told = "";
  // Killed twice: when some have been asked, and when some have reported.
  for (const isTime of [
    () => devices.filter(({ keys }) => keys.length > 0).length,
    () => devices.filter(({ isDone }) => isDone).length,
  ]) {
    const watched = async (device: Device): Promise<void> => {
      await device.session(served.url);
      if (isTime() >= DEVICES / 4) served.child.kill("SIGKILL");
    };
    await Promise.allSettled(devices.map(watched));
    served.child.kill("SIGKILL");
    await served.ended;
    told += served.out();
    served = await serve();
  }
  for (const device of devices) for (let round = 0; round < 3; round++) await device.session(served.url);
  const status = await ask(`${served.url}/status`, { headers: { authorization: `GatewayToken ${token}` } });
  const states = (JSON.parse(status.body.toString()) as { devices: { state: string }[] }).devices.map(
    ({ state }) => state,
  );
  expect(states).toEqual(Array.from({ length: DEVICES }, () => "upToDate"));
  // A device whose answer was lost knows the download, and is not asked for it once more.
  expect(devices.map(({ keys }) => keys.length)).toEqual(Array.from({ length: DEVICES }, () => 1));
  served.child.kill("SIGTERM");
  expect(await served.ended).toBe(0);
  told += served.out();
  const ends = [...told.matchAll(/task \d+: (\S+), success/g)].map(([, device]) => device);
  expect(new Set(ends).size).toBe(ends.length);
  // What was kept at the instant of the kill was told to nobody, and is not told again; whoever got the answer to a first report was told of.
  const answered = devices.filter(({ reports }) => reports === 1);
  expect(answered.length).toBeGreaterThanOrEqual(DEVICES / 4);
  expect(ends).toEqual(expect.arrayContaining(answered.map(({ id }) => id)));
});

const hasCurl = spawnSync("curl", ["--version"]).status === 0;
if (!hasCurl) process.stderr.write("curl is not installed: it is not let in by the ACS\n");

it.skipIf(!hasCurl)("curl gets an answer over TLS, by the authority of `poncast pki`, with a staple", async () => {
  await run(process.execPath, [PONCAST_ACS[0], "pki", "init", "--out", "pki"], { cwd: folder });
  const served = await serve("--pki", "pki");
  const token = readFileSync(join(folder, "state", "token"), "utf8").trim();
  const inform = [
    "--cacert",
    "pki/root.cert.pem",
    "--cert-status",
    "--silent",
    "--include",
    "--data",
    "x",
    `${served.url}/acs`,
  ];
  const user = ["--digest", "--user", `ont:${cpePassword(token, "ont")}`];
  expect((await run("curl", inform, { cwd: folder })).stdout).toMatch(/^HTTP\/1.1 401 /);
  expect((await run("curl", [...user, ...inform], { cwd: folder })).stdout).toMatch(
    /HTTP\/1.1 400 [^]*not well-formed XML/,
  );
  served.child.kill("SIGINT");
  expect(await served.ended).toBe(0);
});
