/** The road cwmp in virtual time: an ACS, and ONTs whose CPEs go to it. */
import { CPE_BLOCK_BYTES, cpeConfigOf, roadEventOf } from "../../../ont/cpe/index.ts";
import { type CpeDevice, cpeDevice } from "../../../ont/cpe/virtual/index.ts";
import type { RoadNet } from "../../../ont/road/virtual/index.ts";
import { createStream } from "../../../pon/index.ts";
import { networkOf } from "../../pull/virtual/network.ts";
import { type MakeVirtualRoad, wallMsOf } from "../../pull/virtual/road.ts";
import { acsConfigOf, acsDeviceOf, cpeFactsOf } from "../facts.ts";
import { VirtualAcs } from "./acs.ts";

/** Nobody is asked who it is. */
const NO_SECRETS = { acsPassword: "", connectionRequest: { username: "", password: "" } };
/** Nobody else is there: it is known who calls. */
const NO_CONNECTION_REQUESTS = "";
/** TCP's handshake, the request, and the same once more with who asks (RFC 7616). */
const CONNECT_ROUND_TRIPS = 2.5;
/** A device that has a session under way, or was called too often, is called again. */
const AGAIN_NS = { busy: 5e9, limited: 60e9 };
const CALLS_MAX = 4;
/** It is looked so often at least whether there is anything left to do. */
const LOOK_SECONDS = 60;

/** @throws RunInputError for what no ACS can be */
export const cwmpVirtualRoad: MakeVirtualRoad = (around) => {
  const { scenario, images, byRelease } = around;
  const config = acsConfigOf(scenario);
  const { window = config.window } = byRelease ?? {};
  const devices = new Map<string, { net: RoadNet; device: CpeDevice }>();
  /** One that is not there informs its ACS when it boots. */
  const connect = (name: string, calls = CALLS_MAX): void => {
    const { net, device } = devices.get(name)!;
    net.after(CONNECT_ROUND_TRIPS * net.options.roundTripNs, () => {
      const verdict = device.call((cpe, nowNs) => cpe.handleConnectionRequest(nowNs));
      if (verdict === undefined || verdict === "accepted" || calls <= 1) return;
      net.after(AGAIN_NS[verdict], () => connect(name, calls - 1));
    });
  };
  const acs = new VirtualAcs(
    { ...config, ...(window && { window }), byRelease: byRelease !== undefined },
    images.payloads,
    wallMsOf(around),
    connect,
  );
  return {
    headend: acs,
    network: networkOf(scenario.acs, scenario, CPE_BLOCK_BYTES),
    lookSeconds: Math.min(LOOK_SECONDS, scenario.acs.informSeconds),
    makeDevice: (plan, net, store, onEvent) => {
      const name = acsDeviceOf(plan);
      const chance = createStream(scenario.seed, `ont/${plan.serial}/cpe`);
      const facts = cpeFactsOf(plan, scenario, images.trustedKeys, NO_SECRETS);
      const device = cpeDevice(
        cpeConfigOf(facts, acs.url, NO_CONNECTION_REQUESTS, chance),
        net,
        (request) => acs.answer(name, request),
        store,
        (nowNs, event) => {
          const told = roadEventOf(event);
          if (told !== undefined) onEvent(nowNs, told);
        },
      );
      devices.set(name, { net, device });
      return device;
    },
  };
};
