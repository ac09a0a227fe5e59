/** Sweeps over Redis. Loaded when asked for alone: BullMQ is larger than all the rest. */
export { parseRedisAddress, type RedisAddress } from "./address.ts";
export { BullMqEngine } from "./engine.ts";
export { BullMqSource } from "./source.ts";
