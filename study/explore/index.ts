/** Everything that may happen in a small world, with the real cores: docs/explore.md says how. */
export { actionOf, pathOf, pathText } from "./actions.ts";
export { outcomesOf } from "./ends.ts";
export { Digester, EPOCH_NS } from "./digest.ts";
export { Model } from "./model.ts";
export { replay } from "./replay.ts";
export { type Found, search } from "./search.ts";
export { VIEWS } from "./views.ts";
export type { WorldOptions } from "./world.ts";
