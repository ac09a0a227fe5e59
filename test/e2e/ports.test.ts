/** Several ports in real processes: an OLT each, one feed, one result. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCapture } from "../../pon/capture/index.ts";
import { simulate } from "../../run/virtual/simulate.ts";
import type { RunOptions, Steering } from "../../run/types.ts";
import { childrenOf } from "../support/children.ts";
import { expectAllCommitted, freshFolder, journalOf, leaveNothingBehind, run, scenarioOf } from "./harness.ts";

leaveNothingBehind();

const ports = { pons: 3, onts: 4, ontsPerProcess: 3 };

describe("several ports in processes", () => {
  it("have an OLT each, one capture, and the result that virtual time has", async () => {
    const pcap = `${freshFolder()}.pcapng`;
    const outcome = await run(ports, { pcap });
    expectAllCommitted(outcome);
    const { result } = outcome;
    const virtual = simulate(scenarioOf(ports)).result;
    expect(result.downstream.sections).toBe(virtual.downstream.sections);
    expect(result.downstream.imageCopies).toBe(3);
    const places = (groups: typeof result.groups) =>
      groups.map(({ onts, copies, why, payload }) => ({ onts, copies, why, payload }));
    expect(places(result.groups)).toEqual(places(virtual.groups));
    expect(Object.keys(result)).toEqual(expect.arrayContaining(Object.keys(virtual).filter((key) => key !== "host")));
    expect(result.ontResults.map(({ id, serial }) => [id, serial])).toEqual(
      virtual.ontResults.map(({ id, serial }) => [id, serial]),
    );
    const started = (await journalOf(outcome)).flatMap(({ event }) => (event.type === "oltStarted" ? [event.pon] : []));
    expect(started).toEqual([0, 1, 2]);
    const seen = new Set<number>();
    for (const frame of readCapture(readFileSync(pcap)).frames) seen.add(Number(frame.pon ?? 0));
    expect([...seen]).toEqual([0, 1, 2]);
    expect(existsSync(`${pcap}.port-0`)).toBe(false);
  });

  it("go on at their fair shares of the feed when its server is killed, and say so", async () => {
    let killed = false;
    const options: RunOptions = {
      onView: ({ olt }) => {
        if (killed || (olt?.counters.sections ?? 0) === 0) return;
        const server = childrenOf(process.pid, "feed").at(0);
        if (server === undefined) return;
        killed = true;
        process.kill(server, "SIGKILL");
      },
    };
    const outcome = await run({ ...ports, pon: { headendBitsPerSecond: 3e6 } }, options);
    expectAllCommitted(outcome);
    expect(killed).toBe(true);
    const notes = (await journalOf(outcome)).flatMap(({ event }) => (event.type === "note" ? [event.text] : []));
    expect(notes).toContain("the feed's server ended by itself");
    const { downloadSeconds } = outcome.result.timing;
    // As fast as the feed at best: three images of 256 KiB and their frames.
    expect(downloadSeconds).toBeGreaterThan((3 * 256 * 1024 * 8) / 3e6);
  });

  it("are commanded together, and by the serial number of an ONT; an OLT that is killed is its port's alone", async () => {
    let steering: Steering | undefined;
    let asked: Promise<unknown> | undefined;
    const outcome = await run(
      { ...ports, faults: [{ action: "killOlt", whenPhase: "downloading", offSeconds: 0.1 }] },
      {
        onSteering: (given) => (steering = given),
        onView: ({ olt }) => {
          if (olt === undefined || asked !== undefined || steering === undefined) return;
          asked = Promise.all([
            steering.command({ kind: "skip", onuId: 0 }),
            steering.command({ kind: "skip", serial: "PCST0000000A", ahead: true }),
          ]);
        },
      },
    );
    expect(await asked).toEqual([
      { accepted: false, reason: "each port has ONU-IDs of its own: name the ONT by its serial number" },
      { accepted: true },
    ]);
    expect(outcome.exitCode).toBe(1);
    const skipped = outcome.result.ontResults.filter(({ outcome: how }) => how !== "committed");
    expect(skipped.map(({ serial }) => serial)).toEqual(["PCST0000000A"]);
    const ended = (await journalOf(outcome)).flatMap(({ event }) =>
      event.type === "oltEnded" && event.signal === "SIGKILL" ? [event.pon] : [],
    );
    expect(new Set(ended).size).toBe(1);
    expect(JSON.parse(readFileSync(join(outcome.folder, "result.json"), "utf8"))).toMatchObject({
      host: { oltProcessRestarts: 1 },
    });
  });
});
