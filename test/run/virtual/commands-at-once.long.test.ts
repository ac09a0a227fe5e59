/** Commands to as many ONTs as a chassis has. */
import { commandsAtOnce } from "./commands-at-once.ts";

commandsAtOnce(16, 128);
