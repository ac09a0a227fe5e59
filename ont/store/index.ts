/** The image store of an ONT, as every road to it sees it beside OMCI: one file at a time into the slot that does not run. */
export { LocalStore, type LocalPort } from "./local-store.ts";
export { SharedStore } from "./shared-store.ts";
export { carryOutStore, type OntImageStore, type StoreAnswer, type StoreRefusal } from "./store.ts";
export type * from "./types.ts";
