/** A run's control over HTTP: who gets in, what is taken, what is refused. */
import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OltCommand } from "../../../olt/index.ts";
import { CONTROL_FILE, type ControlServer, serveControl } from "../../../run/control/index.ts";
import { removeFolder } from "../../support/folder.ts";

let server: ControlServer;
let folder: string;
const taken: OltCommand[] = [];

beforeEach(async () => {
  taken.length = 0;
  folder = mkdtempSync(join(tmpdir(), "poncast-control-"));
  server = await serveControl("127.0.0.1", 0);
});

afterEach(async () => {
  await server.close();
  removeFolder(folder);
});

const attach = (): void =>
  server.attach({
    folder,
    command: (command) => {
      taken.push(command);
      return Promise.resolve(
        command.kind === "resume" ? { accepted: false, reason: "it is not paused" } : { accepted: true },
      );
    },
    view: () => ({ phase: "running", elapsedMs: 7, olt: undefined }),
  });

interface Asked {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** fetch does not let one set Host or Origin. */
function ask({ method = "POST", path = "/commands", headers = {}, body = "" }: Asked): Promise<[number, string]> {
  const [host, port] = server.address.split(":");
  const all = {
    authorization: `Bearer ${server.token}`,
    "content-type": "application/json",
    "content-length": `${Buffer.byteLength(body)}`,
    ...headers,
  };
  return new Promise((done, fail) => {
    const sent = request({ host, port, method, path, headers: all }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => done([response.statusCode ?? 0, text.trim()]));
    });
    sent.on("error", fail);
    sent.end(body);
  });
}

const error = (text: string): string => JSON.stringify({ error: text });

describe("control over HTTP", () => {
  it("takes commands, and says who asked", async () => {
    attach();
    expect(await ask({ body: '{"kind":"pause","id":"1"}' })).toEqual([200, '{"accepted":true}']);
    expect(await ask({ body: '{"kind":"skip","serial":"PCST00000001"}' })).toEqual([200, '{"accepted":true}']);
    expect(await ask({ body: '{"kind":"rate","bitsPerSecond":null}' })).toEqual([200, '{"accepted":true}']);
    expect(await ask({ method: "GET", path: "/status" })).toEqual([200, '{"phase":"running","elapsedMs":7}']);
    const by = "control from 127.0.0.1";
    expect(taken).toEqual([
      { kind: "pause", id: "1", by },
      { kind: "skip", serial: "PCST00000001", by },
      { kind: "rate", bitsPerSecond: null, by },
    ]);
  });

  it("answers whatever it is sent, none of it with a failure of its own", async () => {
    attach();
    const json = fc.json({ maxDepth: 2 });
    const near = fc.record({
      kind: fc.constantFrom("pause", "skip", "rate", "none"),
      id: fc.anything(),
      onuId: fc.anything(),
      bitsPerSecond: fc.double(),
    });
    const body = fc.oneof(
      fc.string(),
      json,
      near.map((command) => JSON.stringify(command)),
    );
    await fc.assert(
      fc.asyncProperty(
        body,
        fc.constantFrom("POST", "PUT", "GET", "OPTIONS"),
        fc.boolean(),
        async (text, method, isKnown) => {
          const headers: Record<string, string> = isKnown ? {} : { authorization: "Bearer guessed" };
          const [status] = await ask({ body: text, method, headers });
          expect(status).toBeLessThan(500);
          if (!isKnown) expect(status).toBe(401);
        },
      ),
      { numRuns: 100 },
    );
    expect(await ask({ method: "GET", path: "/status" })).toEqual([200, '{"phase":"running","elapsedMs":7}']);
  });

  it("says why one is refused, and that a run has not begun", async () => {
    expect(await ask({ body: '{"kind":"pause"}' })).toEqual([503, error("the run has not begun yet")]);
    attach();
    expect(await ask({ body: '{"kind":"resume"}' })).toEqual([409, error("it is not paused")]);
  });

  it.each([
    ["{", "the body is no JSON"],
    ["[]", "a command is an object with a kind"],
    ['{"kind":"stop"}', "kind: one of pause, resume, abort, skip, retry, release, rate"],
    ['{"kind":"pause","x":1}', "x: no field of pause; allowed: kind, id"],
    ['{"kind":"pause","id":7}', "id: a text of 1 to 64 characters"],
    ['{"kind":"skip"}', "skip: either serial, a text, or onuId, a whole number"],
    ['{"kind":"retry"}', "retry: either serial, a text, or onuId, a whole number"],
    ['{"kind":"release","serial":"PCST00000001"}', "serial: no field of release; allowed: kind, id"],
    ['{"kind":"rate","bitsPerSecond":"1"}', "bitsPerSecond: a number, or null for no limit"],
  ])("bad input is one line: %s", async (body, text) => {
    attach();
    expect(await ask({ body })).toEqual([400, error(text)]);
    expect(taken).toEqual([]);
  });

  it.each<[string, number, Asked]>([
    ["a wrong token", 401, { headers: { authorization: "Bearer nope" } }],
    ["no token", 401, { headers: { authorization: "" } }],
    ["another page's origin", 403, { headers: { origin: "http://example.org" } }],
    ["a name that was made to lead here", 403, { headers: { host: "example.org:80" } }],
    ["no JSON", 415, { headers: { "content-type": "text/plain" } }],
    ["another path", 404, { path: "/" }],
    ["another method", 404, { method: "PUT" }],
    ["too long a body", 413, { body: " ".repeat(20_000) }],
  ])("refuses %s", async (_what, status, asked) => {
    attach();
    const [given, text] = await ask({ body: '{"kind":"abort"}', ...asked });
    expect(given).toBe(status);
    expect(JSON.parse(text)).toEqual({ error: expect.any(String) as string });
    expect(taken).toEqual([]);
  });

  it("leaves the token in the run folder for its owner, as long as it is served", async () => {
    attach();
    const path = join(folder, CONTROL_FILE);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ address: server.address, token: server.token });
    await server.close();
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });
});
