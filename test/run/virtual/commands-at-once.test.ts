/** Commands to a few ports; to 2,048 ONTs in the long loop. */
import { commandsAtOnce } from "./commands-at-once.ts";

commandsAtOnce(3, 16);
