/** SWUpdate of Debian, somebody else's client, at our depot: it polls, downloads, installs, reports. Left out where it is not installed. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type MaintenanceWindow, readWindow } from "../../../base/maintenance/index.ts";
import type { DepotEvent } from "../../../headend/depot/index.ts";
import { type DepotServer, readDepotFiles, serveDepot } from "../../../headend/depot/index.ts";
import { removeFolder } from "../../support/folder.ts";

const isThere = ["swupdate", "cpio", "openssl"].every((tool) => spawnSync("which", [tool]).status === 0);
const TOKEN = "a-token-for-tests-only";
const MS_PER_HOUR = 3_600_000;
const image = randomBytes(100_000);

let folder: string;
let depot: DepotServer | undefined;
let client: ChildProcess | undefined;
let events: DepotEvent[];
let onEvent: () => void;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "poncast-swupdate-"));
  events = [];
});
afterEach(async () => {
  await stop();
  await depot?.close();
  removeFolder(folder);
});

/** A .swu: description, its signature, image. */
function pack(): void {
  const run = (command: string, args: string[], input?: string): void =>
    void execFileSync(command, args, { cwd: folder, input, stdio: ["pipe", "ignore", "ignore"] });
  const subject = ["-subj", "/CN=test", "-days", "30", "-addext", "extendedKeyUsage=emailProtection"];
  run("openssl", [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-keyout",
    "key.pem",
    "-out",
    "cert.pem",
    ...subject,
  ]);
  writeFileSync(join(folder, "image.bin"), image);
  writeFileSync(join(folder, "target"), Buffer.alloc(image.length));
  const sha256 = createHash("sha256").update(image).digest("hex");
  const entry = `{ filename = "image.bin"; type = "raw"; device = "${folder}/target"; sha256 = "${sha256}"; }`;
  const head = `version = "2.1.0"; hardware-compatibility: [ "1.0" ]; images: ( ${entry} );`;
  writeFileSync(join(folder, "sw-description"), `software = { ${head} }`);
  const signed = ["-in", "sw-description", "-out", "sw-description.sig", "-outform", "DER", "-nosmimecap", "-binary"];
  run("openssl", ["cms", "-sign", "-signer", "cert.pem", "-inkey", "key.pem", ...signed]);
  mkdirSync(join(folder, "files"));
  const names = "sw-description\nsw-description.sig\nimage.bin\n";
  run("cpio", ["-o", "-H", "crc", "-F", "files/firmware-2.1.0.swu"], names);
}

async function start(window?: MaintenanceWindow): Promise<void> {
  pack();
  depot = await serveDepot({
    host: "127.0.0.1",
    port: 0,
    files: readDepotFiles([join(folder, "files")]),
    stateFolder: join(folder, "state"),
    gatewayToken: TOKEN,
    config: { tenant: "DEFAULT", pollSeconds: 1, ...(window && { window }) },
    onEvent: (event) => {
      events.push(event);
      onEvent();
    },
  });
}

/** @param more of its hawkBit part, such as `-c 2`: a boot that reports what was installed before it */
function swupdate(more = ""): void {
  const words = `-t DEFAULT -u ${depot?.url} -i board-1 -g ${TOKEN} -p 1 ${more}`;
  const env = { ...process.env, TMPDIR: folder };
  const args = ["-v", "-k", "cert.pem", "-H", "board:1.0", "-u", words];
  client = spawn("swupdate", args, { cwd: folder, env, stdio: ["ignore", "pipe", "ignore"] });
}

async function stop(): Promise<void> {
  if (client === undefined || client.exitCode !== null || client.signalCode !== null) return;
  const gone = new Promise((done) => client?.once("exit", done));
  client.kill("SIGTERM");
  await gone;
}

/** That SWUpdate writes a line that has it. */
const writes = (text: string): Promise<void> =>
  new Promise((done) => {
    let all = "";
    client?.stdout?.on("data", (bytes: Buffer) => {
      all += bytes.toString();
      if (all.includes(text)) done();
    });
  });

const told = (wanted: (event: DepotEvent) => boolean): Promise<void> =>
  new Promise((done) => {
    onEvent = () => void (events.some(wanted) && done());
    onEvent();
  });

async function status(): Promise<unknown> {
  const answer = await fetch(`${depot?.url}/status`, { headers: { authorization: `GatewayToken ${TOKEN}` } });
  return ((await answer.json()) as { devices: unknown[] }).devices[0];
}

describe.skipIf(!isThere)("SWUpdate (needs swupdate, cpio and openssl)", () => {
  it("polls, downloads, installs, and reports success when it has started again", async () => {
    onEvent = () => undefined;
    await start();
    swupdate();
    await writes("SWUPDATE successful !");
    expect(readFileSync(join(folder, "target")).equals(image)).toBe(true);
    expect(await status()).toMatchObject({ device: "board-1", state: "pending" });
    await stop();
    swupdate("-c 2");
    await told(({ type }) => type === "ended");
    expect(await status()).toMatchObject({ state: "upToDate", why: "Update Installed.", execution: "closed" });
  });

  it("outside the window installs nothing, and is not believed when it says that it is done", async () => {
    onEvent = () => undefined;
    const hour = (hours: number): string => new Date(Date.now() + hours * MS_PER_HOUR).toISOString().slice(11, 16);
    await start(readWindow(`${hour(2)}-${hour(3)}`));
    swupdate();
    await told((event) => event.type === "feedback" && event.detail === "Skipped Update.");
    expect(await status()).toMatchObject({ state: "waiting" });
    expect(readFileSync(join(folder, "target")).every((byte) => byte === 0)).toBe(true);
  });
});
