import type { MessageSet } from "../../omci/messages.ts";

export const messageSets: readonly MessageSet[] = ["baseline", "extended"];
