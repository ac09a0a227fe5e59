/** What a run does and leaves, whichever driver turns it. */
export { childrenOf } from "./children.ts";
export { RunInputError, RunStoppedError } from "./errors.ts";
export {
  crc32Functions,
  type FactoryImage,
  factoryMaker,
  makeVerifier,
  prepareImages,
  type RunImages,
} from "./images.ts";
