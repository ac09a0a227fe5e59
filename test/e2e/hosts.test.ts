/**
 * One port over several hosts, which are network namespaces on a bridge: multicast with TTL 1 over Ethernet, IGMP as the kernel
 * does it, and a host that is cut off in the middle. Where namespaces may not be made, it is left out.
 */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { leaveNothingBehind, until } from "./harness.ts";
import {
  addressOf,
  bundleFiles,
  canMakeNetworks,
  isMember,
  leaveNoNetwork,
  makeNetwork,
  setInterface,
  Side,
} from "./network.ts";

leaveNothingBehind();
leaveNoNetwork();

/** Host 0 has the OLT, the others the ONTs. */
const ONT_HOSTS = 4;
const ONTS_PER_HOST = 16;
const PORT = 7000;
const KEY = "00112233445566778899aabbccddeeff";
const IMAGE_BYTES = 1024 * 1024;

describe.skipIf(!canMakeNetworks)("one port over several hosts (needs the right to make network namespaces)", () => {
  it(
    "serves all their ONTs by multicast, a host that is cut off and comes back with them",
    { timeout: 300_000 },
    async () => {
      makeNetwork(1 + ONT_HOSTS);
      const { folder, bundle, key } = bundleFiles(IMAGE_BYTES);
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
      // Before the last host is there, none is served: the download begins with all ONTs.
      const hosts = Array.from({ length: ONT_HOSTS - 1 }, (_, index) => startHost(index + 1));
      await until(() => hosts.every((_, index) => isMember(index + 1, PORT)));
      hosts.push(startHost(ONT_HOSTS));
      const [first, last] = [hosts[0], hosts.at(-1)!];
      await last.said('"windowAccepted"');
      expect(isMember(0, PORT)).toBe(false);
      setInterface(ONT_HOSTS, "down");
      await first.said('"imageStored"');
      expect(last.out).not.toContain('"imageStored"');
      setInterface(ONT_HOSTS, "up");
      await until(() => isMember(ONT_HOSTS, PORT));
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
