/** The depot: images and deltas over HTTP, with a manifest for each device in hawkBit's DDI. */
export { type DepotRates } from "./artifacts.ts";
export { type DepotConfig, type DepotEvent, type DeviceStatus } from "./core/index.ts";
export { readDepotFiles, type ServedFile } from "./files.ts";
export { type DepotTls } from "./listener.ts";
export { type DepotServer, type DepotServerOptions, serveDepot } from "./server.ts";
export { gatewayToken, type GatewayToken, targetToken, tokenOfFile } from "./tokens.ts";
