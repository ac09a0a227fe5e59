/** Commands, devices and time in any order, against a small model; more of them in the long loop. */
import { expect, it } from "vitest";
import { runCommands } from "./commands-model.ts";

it("keeps to the model, whatever comes in which order", () => {
  expect(() => runCommands(100, 60, 17)).not.toThrow();
});
