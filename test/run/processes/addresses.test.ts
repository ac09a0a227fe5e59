/** Interfaces and ports that a run cannot have are refused before anything is started. */
import { existsSync, mkdtempSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runProcesses } from "../../../run/processes/index.ts";
import { refuseUnusableAddresses } from "../../../run/processes/addresses.ts";
import { parseScenario } from "../../../scenarios/index.ts";
import { removeFolder } from "../../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-addresses-"));
let taken: Server;
let port: number;

beforeAll(async () => {
  taken = createServer();
  await new Promise<void>((resolve) => {
    taken.listen(0, "127.0.0.1", resolve);
  });
  ({ port } = taken.address() as AddressInfo);
});

afterAll(() => {
  taken.close();
  removeFolder(root);
});

const scenario = parseScenario("onts: 2\n", "a.yaml");
const elsewhere = parseScenario("onts: 2\npon: { interface: nowhere0 }\n", "a.yaml");

describe("a run in processes", () => {
  it("names the interface that is not there, and those that are", async () => {
    await expect(refuseUnusableAddresses(elsewhere, {})).rejects.toThrow(
      /^interface nowhere0 does not exist or has no IPv4 address; there are: /,
    );
  });

  it("names the metrics port that somebody has, and leaves a free one free", async () => {
    const metrics = { host: "127.0.0.1", port };
    await expect(refuseUnusableAddresses(scenario, { metrics })).rejects.toThrow(
      `metrics on 127.0.0.1:${port}: the port is in use (EADDRINUSE)`,
    );
    await expect(refuseUnusableAddresses(scenario, { metrics: { host: "192.0.2.1", port: 0 } })).rejects.toThrow(
      "no interface of this machine has this address (EADDRNOTAVAIL)",
    );
    await refuseUnusableAddresses(scenario, { metrics: { host: "127.0.0.1", port: 0 } });
  });

  it("says which ways to receive there are", async () => {
    vi.stubEnv("PONCAST_UDP", "fast");
    try {
      await expect(refuseUnusableAddresses(scenario, {})).rejects.toThrow(
        "PONCAST_UDP=fast: no such way to receive; there are dgram and mmsg",
      );
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("says how large datagrams may be", async () => {
    vi.stubEnv("PONCAST_DATAGRAM_BYTES", "70000");
    try {
      await expect(refuseUnusableAddresses(scenario, {})).rejects.toThrow("PONCAST_DATAGRAM_BYTES=70000: the largest");
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("leaves no folder behind", async () => {
    for (const [asked, options] of [
      [elsewhere, {}],
      [scenario, { metrics: { host: "127.0.0.1", port } }],
    ] as const) {
      const out = join(root, "run");
      await expect(runProcesses(asked, { ...options, out })).rejects.toThrow(/nowhere0|port is in use/);
      expect(existsSync(out)).toBe(false);
    }
  });
});
