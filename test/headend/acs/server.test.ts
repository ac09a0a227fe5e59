/** The ACS over HTTP: who may come, cookies, one request at a time, files, tasks with a connection request, and a restart. */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DigestServer } from "../../../base/digest/index.ts";
import { CWMP_EVENTS, type CwmpMessageOf } from "../../../cwmp/index.ts";
import {
  type AcsEvent,
  type AcsServer,
  type AcsServerOptions,
  connectionRequestCredentials,
  cpePassword,
  readCredentials,
  serveAcs,
} from "../../../headend/acs/index.ts";
import { readDepotFiles } from "../../../headend/depot/index.ts";
import { ask, askAs, HttpSession, informOf } from "./client.ts";
import { removeFolder } from "../../support/folder.ts";

const TOKEN = "a-token-for-tests-only";
const OPERATOR = { authorization: `GatewayToken ${TOKEN}` };
const DEVICE = "00D09E-ONT-1";
const OWN = { username: DEVICE, password: cpePassword(TOKEN, DEVICE) };
const bytes = randomBytes(100_000);

let folder: string;
let acs: AcsServer;
let events: AcsEvent[];
let lines: string[];

async function start(rest: Partial<AcsServerOptions> = {}): Promise<void> {
  acs = await serveAcs({
    host: "127.0.0.1",
    port: 0,
    files: readDepotFiles([join(folder, "files")]),
    stateFolder: join(folder, "state"),
    token: TOKEN,
    config: {},
    onEvent: (event) => events.push(event),
    tell: (line) => lines.push(line),
    ...rest,
  });
}
const session = (credentials = OWN): HttpSession => new HttpSession(acs.acsUrl, credentials);

beforeEach(async () => {
  [events, lines] = [[], []];
  folder = mkdtempSync(join(tmpdir(), "poncast-acs-"));
  mkdirSync(join(folder, "files"));
  writeFileSync(join(folder, "files", "firmware-2.0.0.swu"), bytes);
  await start();
});
afterEach(async () => {
  await acs.close();
  removeFolder(folder);
  // What goes wrong in a test is no guess: nothing was told.
  expect(lines).toEqual([]);
});

/** Up to the request for the download. */
async function order(each = session()): Promise<CwmpMessageOf<"Download">> {
  expect(await each.say(informOf("1", "1.0.0", [[CWMP_EVENTS.bootstrap]]))).toMatchObject({ method: "InformResponse" });
  const asked = await each.say();
  expect(asked).toMatchObject({ method: "Download" });
  return asked as CwmpMessageOf<"Download">;
}

describe("a session", () => {
  it("goes from the Inform to 204, and the file is there for the device alone", async () => {
    const each = session();
    const { url, username, password, fileSizeBytes } = await order(each);
    expect(fileSizeBytes).toBe(bytes.length);
    expect(
      await each.say({ method: "DownloadResponse", status: 1, startTime: "unknown", completeTime: "unknown" }),
    ).toBe(undefined);
    expect(each.status).toBe(204);
    each.end();
    expect((await ask(url)).status).toBe(401);
    expect((await askAs({ username, password: "other" }, url)).status).toBe(401);
    const whole = await askAs({ username, password }, url);
    expect(whole).toMatchObject({ status: 200, body: bytes });
    const part = await askAs({ username, password }, url, { headers: { range: "bytes=10-19" } });
    expect(part).toMatchObject({ status: 206, body: bytes.subarray(10, 20) });
    expect(acs.sentBytes).toBe(bytes.length + 10);
  });

  it("without cookies is known by its connection", async () => {
    const each = session();
    each.hasCookies = false;
    await order(each);
    each.end();
  });

  it.each([
    ["no name", { username: "", password: "" }],
    ["another password", { ...OWN, password: "x" }],
  ])("%s: is not begun", async (_, credentials) => {
    const each = session(credentials);
    await each.say(informOf("1", "1.0.0"));
    expect(each.status).toBe(401);
    each.end();
    expect(events).toEqual([]);
  });

  it("the name of another device: is not begun either", async () => {
    const each = session();
    await each.say(informOf("2", "1.0.0"));
    expect(each.status).toBe(403);
    each.end();
  });

  it("is asked again for nothing after a restart of the ACS", async () => {
    const first = session();
    const { commandKey } = await order(first);
    await first.say({ method: "DownloadResponse", status: 1, startTime: "unknown", completeTime: "unknown" });
    first.end();
    await acs.close();
    events = [];
    await start();
    const second = session();
    await second.say(
      informOf("1", "2.0.0", [[CWMP_EVENTS.transferComplete], [CWMP_EVENTS.methodDownload, commandKey]]),
    );
    const complete = {
      method: "TransferComplete",
      commandKey,
      fault: { faultCode: 0, faultString: "" },
      startTime: "unknown",
      completeTime: "unknown",
    } as const;
    expect(await second.say(complete)).toEqual({ method: "TransferCompleteResponse" });
    expect(await second.say(complete)).toEqual({ method: "TransferCompleteResponse" });
    expect(await second.say()).toBeUndefined();
    second.end();
    expect(events.filter(({ type }) => type === "ended")).toMatchObject([{ as: "success", detail: "runs 2.0.0" }]);
    expect(acs.statuses()).toMatchObject([{ device: DEVICE, state: "upToDate" }]);
  });

  it.each<[string, object, number]>([
    ["GET", { method: "GET" }, 405],
    ["no XML", { method: "POST", body: "hello" }, 400],
    ["too much", { method: "POST", body: " ".repeat(1_100_000) }, 413],
    ["nothing", { method: "POST" }, 400],
  ])("%s: a line, and nothing else", async (_, options, status) => {
    const answer = await askAs(OWN, acs.acsUrl, options);
    expect(answer.status).toBe(status);
    expect(answer.body.toString()).toMatch(/^[^\n]+\n$/);
  });
});

it("names and passwords of a file are for any device", async () => {
  writeFileSync(join(folder, "cpes"), "# ours\nont:secret word\n\nother:x\n");
  await acs.close();
  await start({ credentials: readCredentials(join(folder, "cpes")) });
  const each = session({ username: "ont", password: "secret word" });
  await order(each);
  each.end();
  writeFileSync(join(folder, "cpes"), "ont\n");
  expect(() => readCredentials(join(folder, "cpes"))).toThrow(/cpes:1: name:password is needed/);
});

it("whoever is let in is not asked, nor for files", async () => {
  await acs.close();
  await start({ letsAnybodyIn: true });
  const each = session({ username: "", password: "" });
  const { url, username } = await order(each);
  each.end();
  expect(username).toBe("");
  expect((await ask(url)).status).toBe(200);
});

describe("whoever has the token", () => {
  it("others have not", async () => {
    for (const path of ["/status", "/metrics", `/devices/${DEVICE}`])
      expect((await ask(`${acs.url}${path}`)).status).toBe(401);
  });

  it("sees devices and figures, pauses and resumes", async () => {
    const each = session();
    await order(each);
    each.end();
    const status = await ask(`${acs.url}/status`, { headers: OPERATOR });
    expect(JSON.parse(status.body.toString())).toMatchObject({
      isPaused: false,
      devices: [{ device: DEVICE, state: "pending" }],
    });
    const device = await ask(`${acs.url}/devices/${DEVICE}`, { headers: OPERATOR });
    expect(JSON.parse(device.body.toString())).toMatchObject({
      id: DEVICE,
      tasks: [{ state: "asked", by: "Download" }],
    });
    await ask(`${acs.url}/pause`, { method: "POST", headers: OPERATOR });
    const metrics = (await ask(`${acs.url}/metrics`, { headers: OPERATOR })).body.toString();
    expect(metrics).toContain('poncast_acs_devices{state="waiting"} 0');
    expect(metrics).toContain('poncast_acs_messages_total{method="Inform"} 1');
    expect(metrics).toContain('poncast_acs_requests_total{kind="cwmp",status="401"} 1');
    expect((await ask(`${acs.url}/nothing`, { headers: OPERATOR })).status).toBe(404);
  });

  describe("gives tasks", () => {
    let cpe: Server;
    let asked: number[];
    let cpeUrl: string;
    beforeEach(async () => {
      asked = [];
      const digest = new DigestServer({ realm: "cpe", algorithms: ["MD5"], secret: Buffer.alloc(16, 3) });
      const { username, password } = connectionRequestCredentials(TOKEN, DEVICE);
      cpe = createServer(({ headers, url = "" }, response) => {
        const verdict = digest.check(Date.now(), headers.authorization ?? "", "GET", url, (name) =>
          name === username ? password : undefined,
        );
        const status = verdict.ok ? 200 : 401;
        asked.push(status);
        response.writeHead(status, verdict.ok ? {} : { "www-authenticate": digest.challenge(Date.now()) }).end();
      });
      await new Promise<void>((done) => void cpe.listen(0, "127.0.0.1", done));
      cpeUrl = `http://127.0.0.1:${(cpe.address() as AddressInfo).port}/a%20b?c=1`;
      const each = session();
      await each.say(informOf("1", "2.0.0", undefined, cpeUrl));
      expect(await each.say()).toBeUndefined();
      each.end();
    });
    afterEach(() => void cpe.close());

    const post = async (path: string, body = "") => {
      const answer = await ask(`${acs.url}/devices/${path}`, { method: "POST", headers: OPERATOR, body });
      return { status: answer.status, text: answer.body.toString() };
    };

    it("the device is asked for a session, by digest, and does them in it", async () => {
      const { status, text } = await post(`${DEVICE}/tasks`, '{"method": "Reboot"}');
      expect([status, JSON.parse(text)]).toEqual([200, { task: 1, connection: { ok: true } }]);
      expect(asked).toEqual([401, 200]);
      const each = session();
      await each.say(informOf("1", "2.0.0", [[CWMP_EVENTS.connectionRequest]], cpeUrl));
      expect(await each.say()).toEqual({ method: "Reboot", commandKey: "poncast-1" });
      await each.say({ method: "RebootResponse" });
      each.end();
      expect(events.at(-1)).toMatchObject({ type: "ended", as: "success" });
    });

    it("not too often, and not where it did not come from", async () => {
      expect((await acs.connect(DEVICE)).ok).toBe(true);
      expect(await acs.connect(DEVICE)).toEqual({ ok: false, why: "it was asked less than 5 s ago" });
      const each = session();
      await each.say(informOf("1", "2.0.0", undefined, "http://192.0.2.1:7547/"));
      each.end();
      expect(await acs.connect(DEVICE)).toEqual({ ok: false, why: "it listens at 192.0.2.1, and came from 127.0.0.1" });
    });

    it.each([
      [`${DEVICE}/tasks`, "{", 400, /not JSON/],
      [`${DEVICE}/tasks`, '{"method": "Inform"}', 400, /not sent by an ACS/],
      ["nobody/tasks", '{"method": "Reboot"}', 404, /no device nobody/],
      ["nobody/connection-request", "", 404, /no device nobody/],
    ])("%s %s", async (path, body, status, line) => {
      expect(await post(path, body)).toEqual({ status, text: expect.stringMatching(line) });
    });
  });
});

it("a folder has one server", async () => {
  await expect(start()).rejects.toThrow(/another server keeps its state there/);
});
