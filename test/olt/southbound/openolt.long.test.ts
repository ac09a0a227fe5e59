/** As many ONUs behind an OpenOLT server as a port of ours has ONTs; some of them in openolt.e2e.test.ts. */
import { it } from "vitest";
import { expectOneStream } from "./one-stream.ts";

it("128 ONUs on 16 interfaces share one stream", () => expectOneStream(128, 16));
