/** Metrics over HTTP: of an OLT, of a sweep. */
export { type MetricsServer, serveMetrics } from "./server.ts";
