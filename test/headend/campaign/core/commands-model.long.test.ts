/** Commands, devices and time in any order, against a small model: long ones, and many. */
import { expect, it } from "vitest";
import { runCommands } from "./commands-model.ts";

it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])("keeps to the model, whatever comes in which order: seed %d", (seed) => {
  expect(() => runCommands(150, 120, seed)).not.toThrow();
});
