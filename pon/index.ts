/** The fibre: GEM framing, random streams, losses, UDP multicast, ranging. */
export * from "./burst.ts";
export * from "./gem.ts";
export * from "./loss.ts";
export * from "./random.ts";
export * from "./ranging.ts";
export * from "./receiver.ts";
export * from "./udp.ts";
