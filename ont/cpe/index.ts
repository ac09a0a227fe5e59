/** TR-069's CPE: goes to its ACS, is told what to fetch, and ends in the image store of its ONT. */
export * from "./core/index.ts";
export { CPE_BLOCK_BYTES, cpeConfigOf, type CpeFacts } from "./device-config.ts";
export { roadEventOf } from "./road-event.ts";
