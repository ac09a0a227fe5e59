/** Our ONTs wait for somebody's OLT, which is judged by what it sends. */
export { OLT_RULES } from "./rules.ts";
export { type ServedOnt, serveOnt } from "./served-ont.ts";
