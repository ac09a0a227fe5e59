/**
 * Hosts on one segment: network namespaces on a bridge that snoops IGMP and asks each second. Multicast with TTL 1 over Ethernet, IGMP as the
 * kernel does it. Where namespaces may not be made, `canMakeNetworks` says so.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach } from "vitest";
import { buildBundle, generateKeyPair } from "../../image/index.ts";
import { multicastOf } from "../../pon/index.ts";
import { BUNDLE_FIELDS, freshFolder, until } from "./harness.ts";

const NAME = `poncast-${process.pid}`;
const SWITCH = `${NAME}-switch`;
export const hostName = (host: number): string => `${NAME}-host-${host}`;
export const addressOf = (host: number): string => `10.66.0.${host + 1}`;

const ip = (...words: string[]): string => execFileSync("ip", words, { encoding: "utf8", stdio: "pipe" });
const on = (netns: string, ...words: string[]): string => ip("-n", netns, ...words);

/** All that it takes: the right to make namespaces, a bridge and cables. */
export const canMakeNetworks = ((): boolean => {
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
export function makeNetwork(hosts: number): void {
  const add = (netns: string): void => {
    ip("netns", "add", netns);
    made.push(netns);
  };
  add(SWITCH);
  on(SWITCH, "link", "add", "br0", "type", "bridge", "mcast_snooping", "1", "mcast_querier", "1", ...QUERIES);
  on(SWITCH, "addr", "add", "10.66.0.254/24", "dev", "br0");
  on(SWITCH, "link", "set", "br0", "up");
  for (let host = 0; host < hosts; host++) {
    const name = hostName(host);
    add(name);
    on(SWITCH, "link", "add", `v${host}`, "type", "veth", "peer", "name", "eth0", "netns", name);
    on(SWITCH, "link", "set", `v${host}`, "master", "br0", "up");
    on(name, "addr", "add", `${addressOf(host)}/24`, "dev", "eth0");
    on(name, "link", "set", "lo", "up");
    on(name, "link", "set", "eth0", "up");
  }
}

/** The host's own end: nothing leaves it any more. */
export const setInterface = (host: number, state: "up" | "down"): string =>
  on(hostName(host), "link", "set", "eth0", state);

/** The switch's end: the host keeps its address, and hears nobody. */
export const setCable = (host: number, state: "up" | "down"): string => on(SWITCH, "link", "set", `v${host}`, state);

/** Who is in the group of this UDP port, as the bridge has learnt by what the hosts' kernels report. */
export function isMember(host: number, port: number): boolean {
  const members = execFileSync("bridge", ["-n", SWITCH, "mdb", "show"], { encoding: "utf8" });
  return members.includes(`port v${host} grp ${multicastOf(port).group} `);
}

/** What all hosts of a test are given: a bundle in a folder of its own, and the key that it is checked with. */
export function bundleFiles(imageBytes: number): { folder: string; bundle: string; key: string } {
  const folder = freshFolder();
  mkdirSync(folder, { recursive: true });
  const { publicPem, privatePem } = generateKeyPair();
  const paths = { folder, bundle: join(folder, "fw.bundle"), key: join(folder, "me.pub.pem") };
  writeFileSync(paths.bundle, buildBundle(BUNDLE_FIELDS, new Uint8Array(imageBytes).fill(7), privatePem));
  writeFileSync(paths.key, publicPem);
  return paths;
}

/** A command of poncast on a host. */
export class Side {
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

/** What is left of a test's commands and network goes with it. */
export function leaveNoNetwork(): void {
  afterEach(async () => {
    // `ip netns exec` has become the command itself: it is the process that we started.
    for (const { child } of sides) child.kill("SIGKILL");
    await Promise.all(sides.splice(0).map(({ ended }) => ended));
    for (const netns of made.splice(0)) ip("netns", "del", netns);
  });
}
