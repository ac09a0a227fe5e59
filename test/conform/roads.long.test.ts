/** All cases over each road of a bench; in its short form, some of each kind, they are in roads.e2e.test.ts. */
import { overEachRoad } from "./each-road.ts";

overEachRoad("all cases", []);
