/** What every road to the image store has in common, pure: a file on its way, its throttle, its waits, its words. */
export { RoadContext, type RoadTypes, type TransferRules } from "./context.ts";
export { type FileTransfer, newTransfer, type RoadExchange, type StoreWait } from "./file-transfer.ts";
export { retryAfterSeconds, statusCause } from "./http.ts";
export { APPLY_ATTEMPTS_MAX, backoffNs, DEADLINES, POWER_UP_SPREAD_NS, REQUEST_DEADLINE_NS } from "./policy.ts";
export {
  advanceTransfer,
  begun,
  broken,
  bulkBody,
  bulkResponse,
  transferRoomBytes,
  transferTimeNs,
  written,
} from "./transfer.ts";
export type * from "./types.ts";
