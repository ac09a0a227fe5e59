/** The OLT: public entry of the folder. */
export { createOlt } from "./core/olt.ts";
export * from "./core/types.ts";
export * from "./core/policy.ts";
