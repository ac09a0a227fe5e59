/** The message sets that conformance tests are run in. */
import type { MessageSet } from "../../omci/messages.ts";

export const messageSets: readonly MessageSet[] = ["baseline", "extended"];
