/** One machine, and the threads that workers of all engines have. */
export { LocalEngine } from "./engine.ts";
export { RunThreads } from "./threads.ts";
