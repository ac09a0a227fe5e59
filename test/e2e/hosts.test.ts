/**
 * One port over several hosts, which are network namespaces on a bridge: multicast with TTL 1 over Ethernet, IGMP as the kernel
 * does it, and a host that is cut off in the middle. Where namespaces may not be made, it is left out.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { buildBundle, generateKeyPair } from "../../image/index.ts";
import { multicastOf } from "../../pon/index.ts";
import { BUNDLE_FIELDS, freshFolder, leaveNothingBehind, until } from "./harness.ts";

leaveNothingBehind();

const NAME = `poncast-${process.pid}`;
const SWITCH = `${NAME}-switch`;
const hostName = (host: number): string => `${NAME}-host-${host}`;
const addressOf = (host: number): string => `10.66.0.${host + 1}`;
/** Host 0 has the OLT, the others the ONTs. */
const ONT_HOSTS = 4;
const ONTS_PER_HOST = 16;
const PORT = 7000;
const KEY = "00112233445566778899aabbccddeeff";

const ip = (...words: string[]): string => execFileSync("ip", words, { encoding: "utf8", stdio: "pipe" });
const on = (netns: string, ...words: string[]): string => ip("-n", netns, ...words);

/** All that it takes: the right to make namespaces, a bridge and cables. */
const canMake = ((): boolean => {
  const isMade = spawnSync("ip", ["netns", "add", SWITCH]).status === 0;
  const hasBridge = isMade && spawnSync("ip", ["-n", SWITCH, "link", "add", "br0", "type", "bridge"]).status === 0;
  const hasCable = hasBridge && spawnSync("ip", ["-n", SWITCH, "link", "add", "v0", "type", "veth"]).status === 0;
  if (isMade) spawnSync("ip", ["netns", "del", SWITCH]);
  return hasCable;
})();

const made: string[] = [];
const sides: Side[] = [];

/** Hundredths of a second. */
const QUERIES = [
  "mcast_startup_query_interval",
  "100",
  "mcast_query_interval",
  "100",
  "mcast_query_response_interval",
  "50",
];

/** The bridge asks each second who is in which group, and sends a group's frames to nobody else. */
function makeNetwork(): void {
  const add = (netns: string): void => {
    ip("netns", "add", netns);
    made.push(netns);
  };
  add(SWITCH);
  on(SWITCH, "link", "add", "br0", "type", "bridge", "mcast_snooping", "1", "mcast_querier", "1", ...QUERIES);
  on(SWITCH, "addr", "add", "10.66.0.254/24", "dev", "br0");
  on(SWITCH, "link", "set", "br0", "up");
  for (let host = 0; host <= ONT_HOSTS; host++) {
    const name = hostName(host);
    add(name);
    on(SWITCH, "link", "add", `v${host}`, "type", "veth", "peer", "name", "eth0", "netns", name);
    on(SWITCH, "link", "set", `v${host}`, "master", "br0", "up");
    on(name, "addr", "add", `${addressOf(host)}/24`, "dev", "eth0");
    on(name, "link", "set", "lo", "up");
    on(name, "link", "set", "eth0", "up");
  }
}

/** A command of poncast on a host. */
class Side {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  out = "";
  err = "";

  constructor(host: number, words: readonly string[]) {
    const command = [process.execPath, resolve("cli/poncast.mjs"), ...words];
    this.child = spawn("ip", ["netns", "exec", hostName(host), ...command], { stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout!.on("data", (bytes: Buffer) => (this.out += bytes.toString()));
    this.child.stderr!.on("data", (bytes: Buffer) => (this.err += bytes.toString()));
    this.ended = new Promise((done) => this.child.on("close", (code) => done(code)));
    sides.push(this);
  }

  said(words: string): Promise<boolean> {
    return until(() => (this.out + this.err).includes(words));
  }
}

afterEach(async () => {
  // `ip netns exec` has become the command itself: it is the process that we started.
  for (const { child } of sides) child.kill("SIGKILL");
  await Promise.all(sides.splice(0).map(({ ended }) => ended));
  for (const netns of made.splice(0)) ip("netns", "del", netns);
});

function files(): { folder: string; bundle: string; key: string } {
  const folder = freshFolder();
  mkdirSync(folder, { recursive: true });
  const { publicPem, privatePem } = generateKeyPair();
  const paths = { folder, bundle: join(folder, "fw.bundle"), key: join(folder, "me.pub.pem") };
  writeFileSync(paths.bundle, buildBundle(BUNDLE_FIELDS, new Uint8Array(1024 * 1024).fill(7), privatePem));
  writeFileSync(paths.key, publicPem);
  return paths;
}

describe.skipIf(!canMake)("one port over several hosts (needs the right to make network namespaces)", () => {
  it(
    "serves all their ONTs by multicast, a host that is cut off and comes back with them",
    { timeout: 300_000 },
    async () => {
      makeNetwork();
      const { folder, bundle, key } = files();
      const network = ["--interface", "eth0", "--pon-key", KEY, "--quiet"];
      const onts = ONT_HOSTS * ONTS_PER_HOST;
      const words = ["--image", bundle, "--port", String(PORT), "--onts", String(onts), "--rate", "1Mbit/s", "--json"];
      const olt = new Side(0, ["olt", ...words, ...network]);
      await olt.said("OLT on 10.66.0.1:7000");
      const startHost = (host: number): Side => {
        const own = ["--onts", String(ONTS_PER_HOST), "--first", String((host - 1) * ONTS_PER_HOST)];
        const state = ["--state", join(folder, `host-${host}`), "--key", key, "--json"];
        const there = ["--olt", `${addressOf(0)}:${PORT}`, "--interface", "eth0", "--pon-key", KEY];
        return new Side(host, ["ont", ...there, ...own, ...state]);
      };
      // The bridge learns who is in the group by what the hosts' kernels report.
      const { group } = multicastOf(PORT);
      const members = (): string => execFileSync("bridge", ["-n", SWITCH, "mdb", "show"], { encoding: "utf8" });
      const isMember = (host: number): boolean => members().includes(`port v${host} grp ${group} `);
      // Before the last host is there, none is served: the download begins with all ONTs.
      const hosts = Array.from({ length: ONT_HOSTS - 1 }, (_, index) => startHost(index + 1));
      await until(() => hosts.every((_, index) => isMember(index + 1)));
      hosts.push(startHost(ONT_HOSTS));
      const [first, last] = [hosts[0], hosts.at(-1)!];
      await last.said('"windowAccepted"');
      expect(isMember(0)).toBe(false);
      on(hostName(ONT_HOSTS), "link", "set", "eth0", "down");
      await first.said('"imageStored"');
      expect(last.out).not.toContain('"imageStored"');
      on(hostName(ONT_HOSTS), "link", "set", "eth0", "up");
      await until(() => isMember(ONT_HOSTS));
      expect(await olt.ended).toBe(0);
      const status = JSON.parse(olt.out) as {
        onts: { phase: string }[];
        counters: { sectionPayloadBytes: number };
        imageBytes: number;
      };
      expect(status.onts.map(({ phase }) => phase)).toEqual(Array.from({ length: onts }, () => "committed"));
      // Multicast: once for all, and for those who were cut off at most once more and a little.
      expect(status.counters.sectionPayloadBytes / status.imageBytes).toBeLessThan(3);
      for (const { child } of hosts) child.kill("SIGINT");
      expect(await Promise.all(hosts.map(({ ended }) => ended))).toEqual(hosts.map(() => 0));
    },
  );
});
