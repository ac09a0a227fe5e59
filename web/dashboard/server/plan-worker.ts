/** A thread of the page's server (dist/plan-worker.js): asks the model, so that the server itself never waits for it. */
import { parentPort } from "node:worker_threads";
import type { PlanAnswer, PlanRequest } from "../plan-types.ts";
import { planAnswer } from "./plan-answer.ts";

export type PlannerAnswer = { answer: PlanAnswer } | { error: string };

parentPort?.on("message", (request: PlanRequest) => {
  let answer: PlannerAnswer;
  try {
    answer = { answer: planAnswer(request) };
  } catch (error) {
    answer = { error: error instanceof Error ? error.message.split("\n", 1)[0] : String(error) };
  }
  parentPort!.postMessage(answer);
});
