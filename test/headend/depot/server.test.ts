/** The depot over HTTP: who may ask, ranges, bad requests, slow readers, limits, and what is there after a restart. */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  DDI_ANSWER_TYPE,
  readDdiDeployment,
  readDdiPoll,
  writeDdiConfigData,
  writeDdiFeedback,
} from "../../../base/ddi/index.ts";
import { type DepotServer, readDepotFiles, serveDepot, targetToken } from "../../../headend/depot/index.ts";
import type { DepotServerOptions } from "../../../headend/depot/index.ts";
import { removeFolder } from "../../support/folder.ts";

const TOKEN = "a-token-for-tests-only";
const GATEWAY = { authorization: `GatewayToken ${TOKEN}` };
const BASE = "/DEFAULT/controller/v1/ont-1";
const bytes = randomBytes(300_000);
const ETAG = `"${createHash("sha256").update(bytes).digest("hex")}"`;

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

let folder: string;
let depot: DepotServer;
let file: string;

const start = (rest: Partial<DepotServerOptions> = {}): Promise<DepotServer> =>
  serveDepot({
    host: "127.0.0.1",
    port: 0,
    files: readDepotFiles([join(folder, "files")]),
    stateFolder: join(folder, "state"),
    gatewayToken: TOKEN,
    config: { tenant: "DEFAULT", pollSeconds: 300 },
    ...rest,
  });

/** An answer that has begun, and is not read yet. */
function begin(
  method: string,
  path: string,
  headers: object = GATEWAY,
  body?: string,
  server = depot,
): Promise<IncomingMessage> {
  return new Promise((done, fail) => {
    const sent = request({ host: "127.0.0.1", port: server.port, method, path, headers: { ...headers } }, done);
    sent.on("error", fail);
    sent.end(body);
  });
}

function whole(answer: IncomingMessage): Promise<Answer> {
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    answer.on("data", (chunk: Buffer) => chunks.push(chunk));
    answer.on("error", fail);
    answer.on("end", () =>
      done({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
    );
  });
}

const ask = async (...request: Parameters<typeof begin>): Promise<Answer> => whole(await begin(...request));

/** Where the device is sent for its file. */
async function findFile(device = "ont-1", server = depot): Promise<string> {
  const path = (href = ""): string => href.replace(server.url, "");
  const poll = readDdiPoll((await ask("GET", BASE.replace("ont-1", device), GATEWAY, undefined, server)).body);
  if (!poll.ok) throw new Error(poll.problem);
  const { body } = await ask("GET", path(poll.value.links.deploymentBase), GATEWAY, undefined, server);
  const reading = readDdiDeployment(body);
  if (!reading.ok) throw new Error(reading.problem);
  return path(reading.value.chunks[0].artifacts[0].links.downloadHttp);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "poncast-depot-"));
  mkdirSync(join(folder, "files"));
  writeFileSync(join(folder, "files", "firmware-2.1.swu"), bytes);
  depot = await start();
  file = await findFile();
});
afterAll(async () => {
  await depot.close();
  removeFolder(folder);
});

describe("who may ask", () => {
  const own = targetToken(TOKEN, "ont-1");
  it.each<[string, string, object, number]>([
    ["nobody without a token", BASE, {}, 401],
    ["nobody with another", BASE, { authorization: "GatewayToken another-token-entirely" }, 401],
    ["nobody with a token of another kind", BASE, { authorization: `Bearer ${TOKEN}` }, 401],
    ["a device with its own token", BASE, { authorization: `TargetToken ${own}` }, 200],
    ["not with that of another device", BASE.replace("ont-1", "ont-2"), { authorization: `TargetToken ${own}` }, 401],
    ["not with the gateway's as its own", BASE, { authorization: `TargetToken ${TOKEN}` }, 401],
    ["the gateway for any device", BASE.replace("ont-1", "ont-2"), GATEWAY, 200],
    ["no device is an operator", "/status", { authorization: `TargetToken ${own}` }, 401],
    ["nobody sees metrics without a token", "/metrics", {}, 401],
    ["the operator sees metrics", "/metrics", GATEWAY, 200],
    ["another tenant is not served", BASE.replace("DEFAULT", "OTHER"), GATEWAY, 404],
  ])("%s", async (_name, path, headers, status) => expect((await ask("GET", path, headers)).status).toBe(status));
});

describe("a file", () => {
  const whole = [200, 300_000, undefined];
  it.each<[string, object, unknown[]]>([
    ["GET", {}, whole],
    ["GET", { range: "bytes=100000-" }, [206, 200_000, "bytes 100000-299999/300000"]],
    ["GET", { range: "bytes=10-19" }, [206, 10, "bytes 10-19/300000"]],
    ["GET", { range: "bytes=-5" }, [206, 5, "bytes 299995-299999/300000"]],
    ["GET", { range: "bytes=299999-", "if-range": ETAG }, [206, 1, "bytes 299999-299999/300000"]],
    ["GET", { range: "bytes=10-", "if-range": '"another"' }, whole],
    ["GET", { range: "bytes=300000-" }, [416, 0, "bytes */300000"]],
    ["GET", { range: "bytes=300000-", "if-range": ETAG }, [416, 0, "bytes */300000"]],
    ["GET", { range: "bytes=0-1,4-5" }, whole],
    ["GET", { "if-none-match": ETAG }, [304, 0, undefined]],
    ["HEAD", {}, [200, 0, undefined]],
    ["HEAD", { range: "bytes=10-19" }, [200, 0, undefined]],
  ])("%s %j", async (method, headers, [status, length, range]) => {
    const answer = await ask(method, file, { ...GATEWAY, ...headers });
    expect([answer.status, answer.body.length, answer.headers["content-range"]]).toEqual([status, length, range]);
    expect(answer.headers.etag).toBe(ETAG);
    expect(answer.headers["accept-ranges"]).toBe("bytes");
    if (method === "HEAD") expect(answer.headers["content-length"]).toBe("300000");
    const from = /bytes (\d+)-/.exec(String(answer.headers["content-range"]))?.[1] ?? "0";
    if (answer.body.length > 0)
      expect(answer.body.equals(bytes.subarray(Number(from), Number(from) + answer.body.length))).toBe(true);
  });

  it("under another name, or by another digest, is not there", async () => {
    expect((await ask("GET", file.replace("firmware", "x"))).status).toBe(404);
    expect((await ask("GET", file.replace(/softwaremodules\/../, "softwaremodules/zz"))).status).toBe(404);
    expect((await ask("POST", file)).status).toBe(405);
  });
});

describe("bad requests", () => {
  const feedback = `${BASE}/deploymentBase/1/feedback`;
  it.each<[string, string, string | undefined, number, string]>([
    ["GET", "/", undefined, 404, "there are the paths of DDI"],
    ["GET", `${BASE}/deploymentBase/99`, undefined, 404, "there is no such action, or device"],
    ["GET", `${BASE}/installedBase/1`, undefined, 404, "what is installed"],
    ["GET", `${BASE}/cancelAction/1`, undefined, 410, "this action has ended"],
    ["GET", `${BASE}/../../etc/passwd`, undefined, 404, "there are"],
    ["DELETE", BASE, undefined, 405, "GET is needed"],
    ["POST", feedback, "{", 400, "document: not JSON in UTF-8"],
    ["POST", feedback, `{"__proto__":1}`, 400, "document: the key __proto__ is not allowed"],
    ["POST", feedback, `{"status":{}}`, 400, "status.result: an object is needed, not nothing"],
    ["PUT", `${BASE}/configData`, JSON.stringify({ data: { x: "y".repeat(70_000) } }), 413, "at most 65536 bytes"],
  ])("%s %s %s", async (method, path, body, status, line) => {
    const answer = await ask(method, path, GATEWAY, body);
    expect([answer.status, answer.body.toString()]).toEqual([status, expect.stringContaining(line)]);
    expect(answer.body.toString().split("\n")).toHaveLength(2);
  });

  it("a body without end is cut off", async () => {
    const socket = connect(depot.port, "127.0.0.1");
    const head = `PUT ${BASE}/configData HTTP/1.1\r\nhost: x\r\nauthorization: ${GATEWAY.authorization}\r\ntransfer-encoding: chunked\r\n\r\n`;
    socket.write(head);
    const chunk = `4000\r\n${"x".repeat(0x4000)}\r\n`;
    const closed = new Promise((done) => socket.once("close", done));
    socket.on("error", () => undefined);
    let said = "";
    socket.on("data", (data: Buffer) => (said += data.toString()));
    for (let at = 0; at < 8; at++) socket.write(chunk);
    await closed;
    expect(said).toMatch(/^HTTP\/1.1 413 /);
  });

  it("links that are not the request's own are not made of a Host that is no name", async () => {
    const { body, headers } = await ask("GET", BASE, { ...GATEWAY, host: "evil.example/@x" });
    expect(headers["content-type"]).toBe(DDI_ANSWER_TYPE);
    expect(body.toString()).toContain(depot.url);
  });
});

describe("the operator", () => {
  it("pauses: no file is sent, and it is said when to come again; resumes", async () => {
    await ask("POST", "/pause");
    const answer = await ask("GET", file);
    expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "300"]);
    expect(JSON.parse((await ask("GET", "/status")).body.toString())).toMatchObject({ isPaused: true });
    await ask("POST", "/resume");
    expect((await ask("GET", file)).status).toBe(200);
  });

  it("reads metrics", async () => {
    const metrics = async (): Promise<string> => (await ask("GET", "/metrics")).body.toString();
    // That a download is over is seen here a moment later than by who read it.
    await expect.poll(metrics).toMatch(/^poncast_depot_downloads 0$/m);
    const text = await metrics();
    expect(text).toMatch(/^poncast_depot_devices\{state="pending"\} [1-9]/m);
    expect(text).toMatch(/^poncast_depot_requests_total\{kind="artifact",status="206"\} \d/m);
    expect(text).toMatch(/^poncast_depot_sent_bytes_total [1-9]\d+$/m);
  });
});

describe("limits", () => {
  it("on one download and on all; too many at once are told to come again", async () => {
    const slow = await start({
      stateFolder: join(folder, "slow"),
      rates: { total: 1_000_000, download: 600_000 },
      downloadsMax: 2,
    });
    const path = await findFile("ont-7", slow);
    const from = performance.now();
    const download = (): Promise<IncomingMessage> => begin("GET", path, GATEWAY, undefined, slow);
    const downloads = await Promise.all([download(), download()]);
    const third = await whole(await download());
    expect([third.status, third.headers["retry-after"]]).toEqual([503, "30"]);
    for (const { body } of await Promise.all(downloads.map(whole))) expect(body.equals(bytes)).toBe(true);
    const seconds = (performance.now() - from) / 1_000;
    // 600 kB by 1 MB/s, 100 kB of which may go at once.
    expect(seconds).toBeGreaterThan(0.4);
    await slow.close();
  });

  it("one server keeps its state in a folder", async () => {
    await expect(start()).rejects.toThrow("another server keeps its state there");
  });
});

it("after a restart all is as it was told", async () => {
  const stateFolder = join(folder, "again");
  const before = await start({ stateFolder });
  await findFile("ont-9", before);
  const path = "/DEFAULT/controller/v1/ont-9";
  const data = new Map([["version", "1.0"]]);
  await ask("PUT", `${path}/configData`, GATEWAY, writeDdiConfigData({ mode: "merge", data }), before);
  const done = writeDdiFeedback({ id: "1", execution: "closed", finished: "success", details: ["committed"] });
  expect((await ask("POST", `${path}/deploymentBase/1/feedback`, GATEWAY, done, before)).status).toBe(200);
  const status = async (server: DepotServer): Promise<object[]> =>
    (JSON.parse((await ask("GET", "/status", GATEWAY, undefined, server)).body.toString()) as { devices: object[] })
      .devices;
  const [known] = await status(before);
  await before.close();
  const after = await start({ stateFolder });
  const [{ lastPollMs: _last, nextPollMs: _next, ...kept }] = [known as Record<string, unknown>];
  expect(await status(after)).toEqual([kept]);
  expect(kept).toMatchObject({ device: "ont-9", state: "upToDate", why: "committed", version: "1.0" });
  expect((await ask("POST", `${path}/deploymentBase/1/feedback`, GATEWAY, done, after)).status).toBe(410);
  await after.close();
});
