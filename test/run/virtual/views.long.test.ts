/** In each preset ONTs that leave the image where it lies do what ONTs do that copy each section they get. Some ways are in views.test.ts. */
import { readdirSync } from "node:fs";
import { it } from "vitest";
import { presetOf } from "./preset-ends.ts";
import { expectViewsChangeNothing } from "./views.ts";

it.each(readdirSync("scenarios").filter((file) => file.endsWith(".yaml")))("%s", (file) =>
  expectViewsChangeNothing(presetOf(file)),
);
