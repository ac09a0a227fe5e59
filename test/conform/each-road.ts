/** Cases of the tester over each road of a bench, to our ONT at its far end. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import { type CaseReport, selectCases } from "../../conform/core/index.ts";
import { targetOf } from "../../conform/targets/index.ts";
import { roadOf } from "../../pon/bench/index.ts";
import type { MessageSet } from "../../omci/index.ts";
import { notPassed, runOverRoad } from "./lockstep.ts";
import { ptyPair } from "./ptys.ts";
import { removeFolder } from "../support/folder.ts";

export const hasSocat = spawnSync("socat", ["-V"]).status === 0;
/** All that a network of one's own takes: the right to make one, and what is used in it. */
const NETWORK = "ip link add v0 mtu 2000 type veth peer name v1 mtu 2000 && ip link set v0 up && ip link set v1 up";
const IN_NETWORK = `mount -t sysfs sysfs /sys && ip link set lo up && ${NETWORK}`;
const inNetwork = (command: string): string[] => ["-r", "-n", "-m", "sh", "-c", `${IN_NETWORK} && ${command}`];
const hasNetwork = hasSocat && spawnSync("unshare", inNetwork("true")).status === 0;

/** A port that nobody has. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

const options = { timeScale: 1, sectionGapNs: 0 };

/** @param only of the cases, patterns; none: all */
export function overEachRoad(name: string, only: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), "poncast-roads-"));
  const inFolder = (file: string): string => join(folder, file);

  async function whole(near: string, far: string, messageSet: MessageSet): Promise<CaseReport[]> {
    const open = roadOf(far)!;
    const { reports } = await runOverRoad((handlers) => open.open("ont", handlers), targetOf(near, options), {
      messageSet,
      hasTrailer: open.hasTrailer,
      only,
    });
    return reports;
  }
  const casesOf = (messageSet: MessageSet): number =>
    selectCases(catalogue, { only: [...only], skip: [], messageSet }).length;

  describe(name, () => {
    afterAll(() => removeFolder(folder));

    it("over a Unix socket", async () => {
      const reports = await whole(`unix:${inFolder("s")}`, `unix-listen:${inFolder("s")}`, "extended");
      expect(notPassed(reports)).toEqual([]);
      expect(reports.length).toBe(casesOf("extended"));
    });

    it.skipIf(!hasSocat)("over stdin and stdout of a program (needs socat)", async () => {
      // The program hands on what it reads, to our ONT behind a socket.
      const reports = await whole(
        `exec:socat STDIO UNIX-CONNECT:${inFolder("e")}`,
        `unix-listen:${inFolder("e")}`,
        "baseline",
      );
      expect(notPassed(reports)).toEqual([]);
      expect(reports.length).toBe(casesOf("baseline"));
    });

    it.skipIf(!hasSocat)("over a pair of ptys (needs socat)", async () => {
      const pair = await ptyPair(inFolder("a"), inFolder("b"));
      const reports = await whole(`serial:${pair.near},115200`, `serial:${pair.far}`, "extended");
      pair.end();
      expect(notPassed(reports)).toEqual([]);
      expect(reports.length).toBe(casesOf("extended"));
    });

    it.skipIf(!hasNetwork)("over Ethernet, in a network of its own (needs socat, ip, and unshare -n)", () => {
      const mac = "$(cat /sys/class/net/v1/address)";
      const command = `exec node --import tsx ${resolve("test/conform/road-run.ts")} eth:v0/${mac} eth:v1 ${only.map((pattern) => `'${pattern}'`).join(" ")}`;
      const out = execFileSync("unshare", inNetwork(command), { encoding: "utf8" });
      expect(JSON.parse(out)).toEqual({ cases: casesOf("extended"), notPassed: [] });
    });

    it("over TR-451 vOMCI, both roles ours: all but what is about trailers, of which there are none", async () => {
      const road = `vomci://127.0.0.1:${await freePort()}`;
      const reports = await whole(`${road}/olt-1/CT_7/300`, `${road}/olt-1/CT_7/300`, "extended");
      expect(notPassed(reports).filter(([id]) => !id.startsWith("trailer."))).toEqual([]);
      expect(reports.length).toBe(casesOf("extended"));
    });
  });
}
