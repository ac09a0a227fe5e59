/** What every HTTP server here has in common: callers that are slow, many or broken hold up nobody else. */
export { openDoor, SERVER_LIMITS } from "./door.ts";
