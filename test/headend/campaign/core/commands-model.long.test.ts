/** Commands, devices and time in any order, against a small model: long ones, and many. */
import { expect, it } from "vitest";
import { runCommands } from "./commands-model.ts";

it("keeps to the model, whatever comes in which order", () => {
  expect(() => runCommands(3_000, 120, 1)).not.toThrow();
});
