/** `poncast serve` as a process: killed while devices report, started again, stopped by Ctrl-C; and over TLS with a client's certificate. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeDdiFeedback } from "../../../base/ddi/index.ts";
import { createAuthority, issue } from "../../../base/pki/authority/index.ts";
import { pemOf } from "../../../base/pki/index.ts";
import { removeFolder } from "../../support/folder.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "poncast-serve-"));
  writeFileSync(join(folder, "firmware-2.1.swu"), "x".repeat(50_000));
});
afterAll(() => removeFolder(folder));

interface Served {
  child: ChildProcess;
  url: string;
  out: () => string;
  ended: Promise<number | null>;
}

async function serve(...words: string[]): Promise<Served> {
  const args = [resolve("cli/poncast.mjs"), "serve", "firmware-2.1.swu", "--listen", "127.0.0.1:0", "--state", "state"];
  const child = spawn(process.execPath, [...args, ...words], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((done) => child.once("exit", done));
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

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

function ask(url: string, options: RequestOptions, body?: string): Promise<{ status: number; text: string }> {
  return new Promise((done, fail) => {
    const request = url.startsWith("https:") ? httpsRequest : httpRequest;
    const sent = request(url, { ...(url.startsWith("http:") && { agent }), ...options }, (answer) => {
      let text = "";
      answer.on("data", (bytes: Buffer) => (text += bytes.toString()));
      answer.on("error", fail);
      answer.on("end", () => done({ status: answer.statusCode ?? 0, text }));
    });
    sent.on("error", fail);
    sent.end(body);
  });
}

it("killed while devices report: what was answered is remembered; its token stays, and Ctrl-C ends it with 0", async () => {
  const first = await serve();
  const token = readFileSync(join(folder, "state", "token"), "utf8").trim();
  expect(first.out()).toContain(token);
  expect(statSync(join(folder, "state", "token")).mode & 0o777).toBe(0o600);
  const headers = { authorization: `GatewayToken ${token}` };
  const report = writeDdiFeedback({ id: "", execution: "closed", finished: "success", details: ["committed"] });
  const answered: string[] = [];
  const device = async (name: string): Promise<void> => {
    const base = `${first.url}/DEFAULT/controller/v1/${name}`;
    const { text } = await ask(base, { headers });
    const link = /"deploymentBase":\{"href":"([^"?]+)/.exec(text)?.[1] ?? "";
    await ask(link, { headers });
    const { status } = await ask(`${link}/feedback`, { method: "POST", headers }, report);
    if (status === 200) answered.push(name);
    if (answered.length === 30) first.child.kill("SIGKILL");
  };
  await Promise.allSettled(Array.from({ length: 80 }, (_, at) => device(`ont-${at}`)));
  expect(answered.length).toBeGreaterThanOrEqual(30);
  expect(await first.ended).toBeNull();

  const second = await serve();
  expect(second.out()).not.toContain(token);
  const { text } = await ask(`${second.url}/status`, { headers });
  const { devices } = JSON.parse(text) as { devices: { device: string; state: string }[] };
  const done = devices.filter(({ state }) => state === "upToDate").map(({ device: name }) => name);
  expect(answered.filter((name) => !done.includes(name))).toEqual([]);
  second.child.kill("SIGINT");
  expect(await second.ended).toBe(0);
});

it("over TLS a device shows its certificate instead of a token, and gets links that are over TLS", async () => {
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const authority = await createAuthority("test", nowSeconds);
  const write = async (kind: "server" | "client", name: string): Promise<{ cert: string; key: string }> => {
    const made = await issue(authority, { kind, name, nowSeconds, days: 2, addresses: ["127.0.0.1"] });
    const chain = [made.certificateDer, authority.intermediate.certificateDer];
    return {
      cert: chain.map((der) => pemOf("CERTIFICATE", der)).join(""),
      key: made.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    };
  };
  const [server, own] = [await write("server", "depot"), await write("client", "ont-1")];
  const ca = pemOf("CERTIFICATE", authority.root.certificateDer);
  for (const [name, text] of Object.entries({ "s.cert": server.cert, "s.key": server.key, "ca.pem": ca }))
    writeFileSync(join(folder, name), text);
  const served = await serve("--cert", "s.cert", "--key", "s.key", "--client-ca", "ca.pem");
  const base = `${served.url}/DEFAULT/controller/v1`;
  const mine = await ask(`${base}/ont-1`, { ca, ...own });
  expect([mine.status, mine.text]).toEqual([200, expect.stringContaining(`"href":"${served.url}`)]);
  expect(served.url).toMatch(/^https:/);
  expect((await ask(`${base}/ont-2`, { ca, ...own })).status).toBe(401);
  expect((await ask(`${base}/ont-1`, { ca })).status).toBe(401);
  served.child.kill("SIGTERM");
  expect(await served.ended).toBe(0);
});
