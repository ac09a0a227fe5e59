/** Our ONTs wait for somebody's OLT, which is judged by what it sends. */
export { MILESTONES, type Milestone } from "./update-course.ts";
export { OLT_RULES } from "./rules.ts";
export { type ServedOnt, serveOnt } from "./served-ont.ts";
