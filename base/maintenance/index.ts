/** When devices may be touched: hours of a zone, on given days. No clock. */
export { type MaintenanceWindow, readWindow, windowAt, type WindowState } from "./windows.ts";
