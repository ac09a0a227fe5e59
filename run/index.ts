/** What a run does and leaves, whichever driver turns it. */
export { childrenOf } from "./children.ts";
export { RunInputError, RunStoppedError } from "./errors.ts";
export {
  crc32Functions,
  type FactoryImage,
  factoryMaker,
  isWithoutBytes,
  isServed,
  kindOf,
  makeVerifier,
  prepareImages,
  type RunImages,
  whyBytesAreMade,
} from "./images/index.ts";
export {
  payloadFor,
  type PayloadFacts,
  type PayloadPlan,
  planPayloads,
  type PlannedPayload,
} from "./payloads/index.ts";
