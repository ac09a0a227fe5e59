/** The server of the live page: who gets in, what it says of itself to browsers, commands, streams, runs in folders. */
import { createHash } from "node:crypto";
import { EventEmitter, on } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { OltCommand } from "../../../olt/index.ts";
import type { RunView } from "../../../run/types.ts";
import { type DashboardServer, FolderLibrary, type LiveRun, serveDashboard } from "../../../web/dashboard/index.ts";
import type { DashboardDelta, DashboardSnapshot, ListedRun, OntDetails } from "../../../web/dashboard/types.ts";
import { type Answered, askAt } from "./ask.ts";
import { Listener, openStreams } from "./listener.ts";
import { liveOf, patient, root, runLive, troubled, useRoot } from "./fixture.ts";

useRoot();

let server: DashboardServer;

afterEach(async () => {
  for (const each of openStreams.splice(0)) each.destroy();
  await server.close();
});

async function serve(library?: FolderLibrary): Promise<void> {
  server = await serveDashboard({ host: "127.0.0.1", port: 0, ...(library && { library }) });
}

const ask = (method: string, path: string, headers: Record<string, string> = {}, body = ""): Promise<Answered> =>
  askAt(server.address, method, path, headers, body);

const bearer = (): Record<string, string> => ({ authorization: `Bearer ${server.token}` });
const cookie = (): Record<string, string> => ({
  cookie: `other=1; poncast-${server.address.split(":")[1]}=${server.token}`,
});
const json = { "content-type": "application/json" };
const pageHeaders = (): Record<string, string> => ({ ...cookie(), ...json, "x-poncast": "1" });

/** A run that takes whatever it is told. */
function attach(taken: OltCommand[] = []): LiveRun {
  const live = liveOf(patient);
  server.attach(live);
  live.steer({
    command: (command) => {
      taken.push(command);
      return Promise.resolve(
        command.kind === "resume" ? { accepted: false, reason: "it is not paused" } : { accepted: true },
      );
    },
    view: () => ({ phase: "running", elapsedMs: 5, olt: undefined }),
  });
  return live;
}

describe("who gets in", () => {
  it("whoever opens the address with the token; it becomes a cookie that no script and no other page gets", async () => {
    await serve();
    const { status, headers } = await ask("GET", new URL(server.url).pathname + new URL(server.url).search);
    expect(status).toBe(303);
    expect(headers.location).toBe("/");
    expect(headers["set-cookie"]![0]).toBe(
      `poncast-${server.address.split(":")[1]}=${server.token}; HttpOnly; SameSite=Strict; Path=/`,
    );
    expect((await ask("GET", "/", cookie())).status).toBe(200);
  });

  it.each(["/", "/events", "/status", "/onts/0", "/runs", "/runs/x/report", "/?token=wrong"])(
    "nobody else: %s",
    async (path) => {
      await serve();
      attach();
      expect((await ask("GET", path)).status).toBe(401);
      expect((await ask("GET", path, { cookie: `poncast-1=${server.token}` })).status).toBe(401);
      expect((await ask("GET", path, { authorization: "Bearer wrong" })).status).toBe(401);
    },
  );

  it("what is the same for all needs no token", async () => {
    await serve();
    const script = await ask("GET", "/assets/dashboard-page.js");
    expect(script.status).toBe(200);
    expect(script.headers["content-type"]).toContain("javascript");
    expect((await ask("GET", "/assets/dashboard-page.js", { "if-none-match": script.headers.etag! })).status).toBe(304);
    expect((await ask("GET", "/assets/../package.json")).status).toBe(404);
    expect((await ask("GET", "/assets/cli.js")).status).toBe(404);
  });

  it("another host or page does not, with the token or without", async () => {
    await serve();
    attach();
    expect((await ask("GET", "/", { ...cookie(), host: "evil.test" })).status).toBe(403);
    expect((await ask("GET", "/runs", { ...cookie(), host: "127.0.0.1:1" })).status).toBe(403);
    const body = '{"kind":"pause"}';
    expect((await ask("POST", "/commands", { ...pageHeaders(), origin: "http://evil.test" }, body)).status).toBe(403);
    expect((await ask("POST", "/commands", { ...pageHeaders(), origin: "null" }, body)).status).toBe(403);
  });

  it("the page is told to load nothing from elsewhere and to run nothing that stands in it", async () => {
    await serve();
    const { headers, text } = await ask("GET", "/", cookie());
    const policy = headers["content-security-policy"] as string;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["referrer-policy"]).toBe("no-referrer");
    expect(text).not.toMatch(/<script>|style=| on\w+=/);
    // Its one style is painted with it, and no other is.
    const [, style] = /<style>([^<]*)<\/style>/.exec(text)!;
    expect(policy).toContain(`style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`);
    expect(text.split("<style")).toHaveLength(2);
    expect(text).not.toContain(server.token);
  });
});

describe("commands", () => {
  it("reach the run with their ids, and who gave them", async () => {
    await serve();
    const taken: OltCommand[] = [];
    attach(taken);
    const body = '{"kind":"pause","id":"1"}';
    const own = { ...pageHeaders(), origin: `http://${server.address}` };
    expect(await ask("POST", "/commands", own, body)).toMatchObject({ status: 200, text: '{"accepted":true}' });
    expect((await ask("POST", "/commands", own, '{"kind":"resume"}')).text).toBe('{"error":"it is not paused"}');
    expect(
      (await ask("POST", "/commands", { ...bearer(), ...json }, '{"kind":"rate","bitsPerSecond":null}')).status,
    ).toBe(200);
    const by = "page from 127.0.0.1";
    expect(taken).toEqual([
      { kind: "pause", id: "1", by },
      { kind: "resume", by },
      { kind: "rate", bitsPerSecond: null, by },
    ]);
  });

  it("are refused without the header that forms of other pages cannot send, and when they are none", async () => {
    await serve();
    const taken: OltCommand[] = [];
    attach(taken);
    const body = '{"kind":"pause"}';
    expect((await ask("POST", "/commands", { ...cookie(), ...json }, body)).status).toBe(403);
    expect(
      (await ask("POST", "/commands", { ...cookie(), "x-poncast": "1", "content-type": "text/plain" }, body)).status,
    ).toBe(415);
    for (const wrong of ["", "[]", '{"kind":"reboot"}', '{"kind":"pause","by":"me"}', "{"])
      expect((await ask("POST", "/commands", pageHeaders(), wrong)).status).toBe(400);
    expect((await ask("POST", "/commands", pageHeaders(), "x".repeat(20_000))).status).toBe(413);
    expect((await ask("POST", "/pace", pageHeaders(), '{"speed":1}')).status).toBe(409);
    expect(taken).toEqual([]);
  });

  it("there is nobody to take, before a run has begun and after it is over", async () => {
    await serve();
    expect((await ask("POST", "/commands", pageHeaders(), '{"kind":"pause"}')).status).toBe(404);
    server.attach(liveOf(patient));
    expect((await ask("POST", "/commands", pageHeaders(), '{"kind":"pause"}')).status).toBe(503);
  });
});

describe("the stream", () => {
  it("begins with all, goes on with what has changed, and says that somebody is there", async () => {
    await serve();
    const live = attach();
    const listener = new Listener();
    await listener.open(server);
    const snapshot = JSON.parse((await listener.next("snapshot")).data) as DashboardSnapshot;
    expect(snapshot.facts).toMatchObject({ name: "patient", onts: 32, pons: 2 });
    expect(snapshot.cells).toHaveLength(32 * 3);
    live.model.record({ timeNs: 1e9, from: "ont", ont: 30, event: { type: "online", activeSlot: 0 } });
    const delta = JSON.parse((await listener.next("delta")).data) as DashboardDelta;
    expect(delta.cells).toEqual([30, 2, 0]);
    await listener.next("beat");
  });

  it("goes on where it was for a page that comes back, and begins anew for one of another server", async () => {
    await serve();
    const live = attach();
    const first = new Listener();
    await first.open(server);
    const { id } = await first.next("snapshot");
    live.model.record({ timeNs: 1e9, from: "ont", ont: 3, event: { type: "online", activeSlot: 0 } });
    const again = new Listener();
    await again.open(server, "/events", { "last-event-id": id });
    expect((JSON.parse((await again.next("delta")).data) as DashboardDelta).cells).toEqual([3, 2, 0]);
    for (const other of ["x/patient/1", `${id}0`, "nonsense", id.replace("patient", "other")]) {
      const stranger = new Listener();
      await stranger.open(server, "/events", { "last-event-id": other });
      await stranger.next("snapshot");
    }
  });

  it("ends with the run's server, and says so", async () => {
    await serve();
    attach();
    const listener = new Listener();
    await listener.open(server);
    await listener.next("snapshot");
    await server.close();
    await listener.next("over");
  });
});

describe("runs", () => {
  it("of this process are seen and steered: time of a virtual one is stopped, stepped, slowed and let go", async () => {
    await serve();
    const live = liveOf(patient);
    server.attach(live);
    const views = new EventEmitter();
    const untilView = async (isIt: (view: RunView) => boolean): Promise<RunView> => {
      for await (const [view] of on(views, "view") as AsyncIterable<[RunView]>) if (isIt(view)) return view;
      throw new Error("no view came");
    };
    const running = untilView(({ olt }) => (olt?.counters.sections ?? 0) > 0);
    const outcome = runLive(live, patient, {
      speed: 1,
      onView: (view) => {
        live.onView(view);
        views.emit("view", structuredClone(view));
      },
    });
    await running;
    const pace = async (body: string): Promise<unknown> =>
      JSON.parse((await ask("POST", "/pace", pageHeaders(), body)).text);
    expect(await pace('{"stop":true}')).toEqual({ speed: 1, isStopped: true });
    // A slow machine is behind the run's clock, and needs more than a turn for a step.
    const { elapsedMs: stoodMs } = await untilView(() => true);
    expect(await pace('{"stepMs":500}')).toEqual({ speed: 1, isStopped: true });
    const { elapsedMs: nowMs } = await untilView(({ elapsedMs }) => elapsedMs > stoodMs + 499.5);
    expect(nowMs - stoodMs).toBeCloseTo(500, 0);
    expect((await untilView(() => true)).elapsedMs).toBe(nowMs);
    const listener = new Listener();
    await listener.open(server);
    expect((JSON.parse((await listener.next("snapshot")).data) as DashboardSnapshot).head.elapsedMs).toBe(nowMs);
    expect(await pace('{"speed":0}')).toHaveProperty("error");
    expect(await pace('{"speed":100}')).toEqual({ speed: 100, isStopped: false });
    const details = JSON.parse((await ask("GET", "/onts/17", cookie())).text) as OntDetails;
    expect(details).toMatchObject({ ont: 17, port: 1, serial: "PCST00000012", slots: [{ slot: 0 }, { slot: 1 }] });
    expect((await ask("GET", "/onts/32", cookie())).status).toBe(404);
    expect((await ask("POST", "/commands", pageHeaders(), '{"kind":"abort","id":"a"}')).status).toBe(200);
    expect((await outcome).result.onts.failed).toBe(32);
    expect(live.model.head).toMatchObject({ canSteer: false, aborting: true, ended: { exitCode: 1 } });
  });

  it("of a folder are listed and opened: as they ended, or as far as they came", async () => {
    const folder = join(root, "library");
    mkdirSync(folder);
    const live = liveOf(troubled);
    const { result } = await runLive(live, troubled, { out: join(folder, "one") });
    writeFileSync(join(folder, "one", "report.html"), "<script>alert(1)</script>");
    mkdirSync(join(folder, "none"));
    mkdirSync(join(folder, "cut"));
    for (const file of ["journal.binpb", "scenario.yaml"])
      writeFileSync(
        join(folder, "cut", file),
        readFileSync(join(folder, "one", file)).subarray(0, file === "journal.binpb" ? 30_000 : 1e6),
      );
    await serve(new FolderLibrary(folder));
    const { runs } = JSON.parse((await ask("GET", "/runs", cookie())).text) as { runs: ListedRun[] };
    expect(runs.map(({ name }) => name).toSorted()).toEqual(["cut", "one"]);
    expect(runs.find(({ name }) => name === "one")).toMatchObject({
      state: "ended",
      scenario: "troubled",
      onts: 24,
      committed: result.onts.committed,
      asExpected: true,
      copies: result.downstream.imageCopies,
      hasReport: true,
    });
    const listener = new Listener();
    await listener.open(server, "/events?run=one");
    let head = JSON.parse((await listener.next("snapshot")).data).head as DashboardSnapshot["head"];
    while (head.ended === null)
      head = JSON.parse((await listener.next("delta")).data).head as DashboardSnapshot["head"];
    expect(head).toMatchObject({
      stage: "done",
      copies: result.downstream.imageCopies,
      ended: { outcome: "finished", exitCode: 0 },
    });
    const cut = new Listener();
    await cut.open(server, "/events?run=cut");
    const known = JSON.parse((await cut.next("snapshot")).data) as DashboardSnapshot;
    expect(known.head.ended).toBeNull();
    const report = await ask("GET", "/runs/one/report", cookie());
    expect(report.headers["content-security-policy"]).toMatch(/^sandbox(?!.*allow-same-origin)/);
    for (const path of ["/runs/..%2F..%2Fetc/report", "/runs/none/report", "/events?run=..%2Fone", "/events?run=none"])
      expect((await ask("GET", path, cookie())).status).toBe(404);
    expect((await ask("GET", "/runs/%E0%A4%A/report", cookie())).status).toBe(400);
  });
});
