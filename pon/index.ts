/** The fibre between OLT and ONTs: GEM framing, bursts, impairments, UDP multicast, ranging. */
export * from "./burst.ts";
export * from "./delay-line.ts";
export * from "./gem.ts";
export * from "./impaired-writer.ts";
export * from "./impairments/delays.ts";
export * from "./impairments/link.ts";
export * from "./impairments/marks.ts";
export * from "./impairments/plan.ts";
export * from "./impairments/spec.ts";
export * from "./random.ts";
export * from "./ranging.ts";
export * from "./receiver.ts";
export * from "./traffic-meter.ts";
export * from "./udp.ts";
