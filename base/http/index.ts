/** What every HTTP server here has in common: callers that are slow, many, broken or not asked in hold up nobody else. */
export { bearerOf, checkNames, isToken, jsonBodyOf, type ListenPlace, HttpRefusal, sendJson } from "./checks.ts";
export { openDoor, SERVER_LIMITS } from "./door.ts";
