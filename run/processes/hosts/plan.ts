/** Which ports of a run other hosts bring, and what each of them is given. */
import { createHash } from "node:crypto";
import type { OltProcessConfig } from "../../../olt/process/index.ts";
import { resolveInterface } from "../../../pon/index.ts";
import type { Scenario } from "../../../scenarios/index.ts";
import type { RunImages } from "../../images/index.ts";
import type { RunOptions } from "../../types.ts";
import type { FleetOnt } from "../fleet.ts";
import { feedConfigOf, fleetAwaited } from "../plan.ts";
import type { ProcessesOptions } from "../processes.ts";
import type { HostsConfig } from "./hosts.ts";
import type { SharedFactory, SharedFile } from "./protocol.ts";

const BITS_PER_BYTE = 8;

/** Ports whose processes are on this machine: the first. */
export const ownPorts = ({ pons }: Scenario, { hosts }: RunOptions): number => pons - (hosts?.joined ?? 0);

/** UDP port of an OLT: where several hosts are on one segment, each port of the run has another group. 0: any. */
export const udpPortOf = (pon: number, { hosts }: RunOptions): number => (hosts === undefined ? 0 : hosts.port + pon);

/** Which poncast it is: what two of them say to each other is the same only in the same. */
export const buildOf = ({ poncast }: Pick<RunOptions, "poncast">): string =>
  [poncast?.version, poncast?.commit].filter(Boolean).join(" ");

export interface PortsAsked {
  scenario: Scenario;
  options: RunOptions;
  image: RunImages;
  fleet: readonly FleetOnt[];
  epochNs: bigint;
  ponKey: Uint8Array;
}

/** All ports of a run: those that are here, and those that are not. */
export function portsOf(
  asked: PortsAsked,
  oltConfigOf: (pon: number) => OltProcessConfig,
): Pick<ProcessesOptions, "oltConfigs" | "feed" | "hosts"> {
  const { scenario, options, epochNs, ponKey } = asked;
  const oltConfigs = Array.from({ length: ownPorts(scenario, options) }, (_, pon) =>
    fleetAwaited(oltConfigOf(pon), udpPortOf(pon, options)),
  );
  const feed = feedConfigOf(scenario, epochNs, ponKey);
  const hosts = hostsConfigOf(asked);
  if (hosts === undefined) return { oltConfigs, feed };
  // Where hosts join the feed is served, too.
  return { oltConfigs, feed: feed && { ...feed, host: hosts.host, port: hosts.port }, hosts };
}

/** @returns undefined where all ports are on this machine */
function hostsConfigOf({ scenario, options, image, fleet, epochNs }: PortsAsked): HostsConfig | undefined {
  const { hosts } = options;
  if (hosts === undefined) return undefined;
  const contents = new Map<string, Uint8Array>();
  const share = (content: Uint8Array): SharedFile => {
    const sha256 = createHash("sha256").update(content).digest("hex");
    contents.set(sha256, content);
    return { sha256, bytes: content.length };
  };
  const { headendBitsPerSecond } = scenario.pon;
  const feedBytesPerSecond = headendBitsPerSecond && headendBitsPerSecond / BITS_PER_BYTE;
  const payloads = image.payloads.map(({ content }) => share(content));
  const factories = factoriesOf(fleet, share);
  const first = ownPorts(scenario, options);
  return {
    host: resolveInterface(scenario.pon.interface),
    port: hosts.port,
    key: hosts.key,
    joined: Array.from({ length: hosts.joined }, (_, index) => first + index),
    ports: scenario.pons,
    feedBytesPerSecond,
    build: buildOf(options),
    imageSha256: payloads[0].sha256,
    assignmentOf: (pon) => ({
      pon,
      port: udpPortOf(pon, options),
      scenario,
      payloads,
      factories,
      trustedKeys: image.trustedKeys,
      ...(feedBytesPerSecond !== undefined && { feedBytesPerSecond }),
    }),
    contents,
    patienceSeconds: scenario.olt.runSeconds,
    epochNs,
  };
}

/** Each kind once. */
function factoriesOf(fleet: readonly FleetOnt[], share: (content: Uint8Array) => SharedFile): SharedFactory[] {
  const kinds = new Map<string, SharedFactory>();
  for (const { plan, factory } of fleet) {
    const { version, productCode, hardware } = plan.properties;
    const kind = JSON.stringify([version, productCode, hardware]);
    if (kinds.has(kind)) continue;
    kinds.set(kind, { version, productCode, hardware, image: factory.image, file: share(factory.bytes) });
  }
  return [...kinds.values()];
}
