/**
 * One run over several hosts, which are network namespaces on a bridge: the owner has a port, three hosts join with a port each, the ONTs
 * of one of them are on a fifth, and one is cut off from the owner in the middle. Where namespaces may not be made, it is left out.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { JournalRecord } from "../../run/journal/index.ts";
import type { RunResult } from "../../run/result/types.ts";
import { journalOf, leaveNothingBehind, recorded } from "./harness.ts";
import { addressOf, bundleFiles, canMakeNetworks, leaveNoNetwork, makeNetwork, setCable, Side } from "./network.ts";

leaveNothingBehind();
leaveNoNetwork();

const PORTS = 4;
const ONTS = 16;
const JOIN_PORT = 7000;
const KEY = "00112233445566778899aabbccddeeff";
const NETWORK = ["--interface", "eth0", "--pon-key", KEY];
const IMAGE_BYTES = 512 * 1024;

const isNote =
  (words: string) =>
  ({ event }: JournalRecord): boolean =>
    event.type === "note" && event.text.includes(words);

describe.skipIf(!canMakeNetworks)("one run over several hosts (needs the right to make network namespaces)", () => {
  it(
    "has all ports in one result and one journal, also that of a host which is cut off and comes back",
    { timeout: 300_000 },
    async () => {
      makeNetwork(PORTS + 1);
      const { folder, bundle, key } = bundleFiles(IMAGE_BYTES);
      const out = join(folder, "run");
      const outcome = { folder: out };
      const what = ["--pons", String(PORTS), "--onts", String(ONTS), "--onts-per-process", String(ONTS)];
      const image = ["--image", bundle, "--key", key, "--feed", "2400kbit/s", "--out", out, "--quiet"];
      // Nothing is sent twice, and nobody leaves the group, for being late on a busy machine.
      const patient = ["answerTimeoutMinMs", "answerTimeoutMs"].flatMap((field) => ["--set", `olt.${field}=20000`]);
      const joins = ["--join-port", String(JOIN_PORT), ...NETWORK];
      const owner = new Side(0, ["run", "lossless-lab", ...what, ...image, ...patient, ...joins]);
      await owner.said("waits for 3 hosts that bring a port each: poncast olt --join 10.66.0.1:7000");
      const to = ["--join", `${addressOf(0)}:${JOIN_PORT}`, ...NETWORK];
      const startHost = (host: number, ...more: string[]): Side => new Side(host, ["olt", ...to, ...more]);
      // One after the other, so that each is known by its port.
      const hosts: Side[] = [];
      for (const [host, more] of [
        [1, []],
        [2, ["--image", bundle]],
        [3, ["--no-onts"]],
      ] as const) {
        hosts.push(startHost(host, ...more));
        await hosts.at(-1)!.said(`port ${host} of lossless-lab: OLT on ${addressOf(host)}:${JOIN_PORT + host}`);
      }
      const there = ["--olt", `${addressOf(3)}:${JOIN_PORT + 3}`, ...NETWORK, "--key", key];
      const own = ["--onts", String(ONTS), "--first", String(3 * ONTS), "--state", join(folder, "onts")];
      const onts = new Side(4, ["ont", ...there, ...own]);
      const late = startHost(4);
      expect(await late.ended).toBe(2);
      expect(late.err).toBe("--join 10.66.0.1:7000: all 3 ports that hosts bring are taken\n");
      const isOfPort2 = ({ from, ...record }: JournalRecord): boolean =>
        from === "ont" && "ont" in record && Math.floor(record.ont! / ONTS) === 2;
      await recorded(outcome, (record) => isOfPort2(record) && record.event.type === "windowAccepted");
      setCable(2, "down");
      await hosts[1].said("the owner does not answer: this port goes on");
      await recorded(outcome, isNote("the host of port 2 does not answer"));
      setCable(2, "up");
      await hosts[1].said("the owner answers again");
      expect(await owner.ended).toBe(0);
      expect(await Promise.all(hosts.map(({ ended }) => ended))).toEqual([0, 0, 0]);
      onts.child.kill("SIGINT");
      expect(await onts.ended).toBe(0);

      const result = JSON.parse(readFileSync(join(out, "result.json"), "utf8")) as RunResult;
      expect(result.onts).toMatchObject({ total: PORTS * ONTS, committed: PORTS * ONTS });
      // Each port has sent it; on a busy machine some ONTs are served once more.
      expect(result.downstream.imageCopies).toBeGreaterThanOrEqual(PORTS);
      // Read back here and on the hosts; of those that are elsewhere there is the OLT's word.
      const read = result.ontResults.filter(({ sha256 }) => sha256 === result.image.sha256);
      expect(read.map(({ id }) => id)).toEqual(Array.from({ length: 3 * ONTS }, (_, id) => id));
      for (const name of readdirSync(out)) expect(readFileSync(join(out, name), "latin1")).not.toContain(KEY);
      const records = await journalOf(outcome);
      const isLost = isNote("the host of port 2 does not answer: it goes on by itself");
      const lostNs = records.find(isLost)!.timeNs;
      const isFound = isNote("the host of port 2 answers again");
      const foundNs = records.find((record) => isFound(record) && record.timeNs > lostNs)!.timeNs;
      // What happened there meanwhile has come after.
      const meanwhile = records.filter(
        (record) => isOfPort2(record) && record.timeNs > lostNs - 1e9 && record.timeNs < foundNs,
      );
      expect(meanwhile.length).toBeGreaterThan(0);
      expect(
        records.some(isNote("OLT of port 2: the feed's server does not answer: it goes on at its fair share")),
      ).toBe(true);
      const started = records.flatMap(({ event }) => (event.type === "oltStarted" ? [event.pon] : []));
      expect(new Set(started)).toEqual(new Set([0, 1, 2, 3]));
      expect(started.length).toBe(PORTS);
    },
  );
});
