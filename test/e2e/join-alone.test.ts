/** A run of which others bring ports, on one machine: who does not come, who comes and goes, who is not taken. */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { joinRun } from "../../run/processes/index.ts";
import type { JoinOptions } from "../../run/processes/hosts/join-options.ts";
import { runProcesses } from "../../run/processes/runner.ts";
import type { RunOptions, RunOutcome, Steering } from "../../run/types.ts";
import { expectAllCommitted, freshFolder, journalOf, leaveNothingBehind, scenarioOf, until } from "./harness.ts";

leaveNothingBehind();

const key = new Uint8Array(16).fill(5);
const fleet = { pons: 2, onts: 2, ontsPerProcess: 2 };

/** A TCP port that was free just now; the OLTs have the UDP ports behind it. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

function owned(port: number, joined: number, changes: object = {}, options: RunOptions = {}): Promise<RunOutcome> {
  const out = freshFolder();
  return runProcesses(scenarioOf({ ...fleet, ...changes }), { out, hosts: { port, joined, key }, ...options });
}

function joining(port: number, changes: Partial<JoinOptions> = {}) {
  const lines: string[] = [];
  const abort = new AbortController();
  const { signal } = abort;
  const owner = { address: "127.0.0.1", port, key };
  const onLine = (line: string): void => void lines.push(line);
  const own = { owner, interface: "127.0.0.1", build: "", ontsElsewhere: false, signal, onLine };
  return { lines, abort, outcome: joinRun({ ...own, ...changes }) };
}

describe("a run of which others bring ports", () => {
  it("says in one line whom it never heard of, and ends by its time limit", async () => {
    const port = await freePort();
    const { exitCode, reasons, endReason, result } = await owned(port, 2, { olt: { runSeconds: 1 } });
    expect([exitCode, endReason]).toEqual([1, "timeLimit"]);
    expect(reasons[0]).toBe(`ports 0, 1: no host joined in 1 s (poncast olt --join 127.0.0.1:${port})`);
    expect(result.onts).toMatchObject({ total: 4, committed: 0 });
  });

  it("takes their shares of one feed, commands for them, and their cuts of power", async () => {
    const port = await freePort();
    const faults = [{ action: "powerCycle", onts: [3], whenPhase: "downloading", offSeconds: 0.1 }];
    let steering: Steering | undefined;
    const run = owned(
      port,
      1,
      { faults, pon: { headendBitsPerSecond: 4e6 } },
      { onSteering: (given) => (steering = given) },
    );
    const asked = await until(() => steering).then((hand) =>
      hand.command({ kind: "skip", serial: "PCST00000003", ahead: true }),
    );
    expect(asked).toEqual({ accepted: true });
    const host = joining(port);
    const outcome = await run;
    expect(await host.outcome).toMatchObject({ pon: 1, text: "" });
    const how = outcome.result.ontResults.map(({ outcome: each }) => each);
    expect(how).toEqual(["committed", "committed", "skipped", "committed"]);
    const events = (await journalOf(outcome)).map(({ event }) => event);
    expect(events.filter(({ type }) => type === "powerCut")).toMatchObject([{ ont: 2 }, { ont: 3 }]);
    expect(outcome.result.host?.ontProcessRestarts).toBe(1);
  });

  it("refuses a host with another key, another poncast or another image, in one line each, and goes on with one that is right", async () => {
    const port = await freePort();
    const run = owned(port, 2);
    const strange = join(freshFolder(), "..", "strange.bundle");
    writeFileSync(strange, "not the image");
    const first = joining(port);
    await until(() => first.lines.length > 0);
    const refused = (changes: Partial<JoinOptions>): Promise<unknown> =>
      joining(port, changes).outcome.then(
        () => "joined",
        ({ name, message }: Error) => `${name}: ${message}`,
      );
    const where = `RunInputError: --join 127.0.0.1:${port}:`;
    const wrongKey = { address: "127.0.0.1", port, key: new Uint8Array(16) };
    expect(await refused({ owner: wrongKey })).toBe(`${where} the owner does not take the key, see --pon-key`);
    expect(await refused({ build: "0.0.1 abc" })).toBe(
      `${where} the owner is poncast , this host poncast 0.0.1 abc: take the same on both`,
    );
    expect(await refused({ image: strange })).toMatch(
      /--image: SHA-256 is [0-9a-f]{64}, and the run sends [0-9a-f]{64}$/,
    );
    const second = joining(port);
    expectAllCommitted(await run);
    expect(await Promise.all([first.outcome, second.outcome])).toMatchObject([
      { pon: 0, text: "" },
      { pon: 1, text: "" },
    ]);
  });

  it("ends with what a host says that is interrupted: its port has failed, the other is whole", async () => {
    const port = await freePort();
    const run = owned(port, 1, { pon: { headendBitsPerSecond: 2e6 } });
    const host = joining(port);
    await until(() => host.lines.some((line) => line.startsWith("port 1 of e2e")));
    host.abort.abort();
    expect(await host.outcome).toMatchObject({ pon: 1, text: "its host was interrupted" });
    const { exitCode, reasons, result, folder } = await run;
    expect(exitCode).toBe(1);
    expect(reasons[0]).toBe("port 1: its host was interrupted");
    expect(result.ontResults.map(({ outcome }) => outcome)).toEqual(["committed", "committed", "failed", "failed"]);
    expect(readFileSync(join(folder, "result.json"), "utf8")).toContain('"imageCopies"');
  });
});
