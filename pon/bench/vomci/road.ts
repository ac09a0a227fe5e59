/** TR-451 between a vOMCI function (our OLT's end, which connects) and a pOLT (our ONT's end, which listens). */
import type { VomciAddress } from "./address.ts";
import type { OpenRoad, RoadEnd, RoadHandlers } from "../road.ts";
import { openVomciFunction } from "./vomci-function.ts";
import { openPolt } from "./polt.ts";

/** @throws RoadError in one line */
export const openVomci = (to: VomciAddress, end: RoadEnd, handlers: RoadHandlers): Promise<OpenRoad> =>
  end === "olt" ? openVomciFunction(to, handlers) : openPolt(to, handlers);
