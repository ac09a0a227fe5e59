/** Asks the model on a thread of its own, one question after the other; who has gone is not answered, what takes too long is ended. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { HttpRefusal } from "../../../base/http/index.ts";
import type { PlanAnswer, PlanRequest } from "../plan-types.ts";
import type { PlannerAnswer } from "./plan-worker.ts";

const FILE = "plan-worker.js";
/** A page asks for the next answer when it has the last. */
const WAITING_MAX = 8;
const ANSWER_MS_MAX = 20_000;
/** Deltas are made. */
const DELTAS_MS_MAX = 120_000;

interface Question {
  request: PlanRequest;
  done: (answer: PlanAnswer) => void;
  fail: (error: Error) => void;
  /** Nobody waits for it any more. */
  isGone: () => boolean;
}

export class Planner {
  #worker: Worker | undefined;
  #current: Question | undefined;
  #timer: NodeJS.Timeout | undefined;
  #waiting: Question[] = [];

  /** @throws HttpRefusal when it takes too long, or too many ask */
  ask(request: PlanRequest, isGone: () => boolean): Promise<PlanAnswer> {
    this.#waiting = this.#waiting.filter((each) => !each.isGone());
    if (this.#waiting.length >= WAITING_MAX) throw new HttpRefusal(503, "too many ask the model at once");
    return new Promise((done, fail) => {
      this.#waiting.push({ request, done, fail, isGone });
      this.#next();
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    void this.#worker?.terminate();
    this.#worker = undefined;
    for (const { fail } of this.#waiting.splice(0)) fail(new HttpRefusal(503, "the server ends"));
  }

  #next(): void {
    if (this.#current !== undefined) return;
    const question = this.#waiting.shift();
    if (question === undefined) return;
    if (question.isGone()) return this.#next();
    this.#current = question;
    const worker = (this.#worker ??= this.#start());
    const limitMs = question.request.deltas === true ? DELTAS_MS_MAX : ANSWER_MS_MAX;
    this.#timer = setTimeout(() => {
      void worker.terminate();
      this.#worker = undefined;
      this.#end((each) => each.fail(new HttpRefusal(503, `the model has no answer within ${limitMs / 1000} s`)));
    }, limitMs);
    worker.postMessage(question.request);
  }

  #end(tell: (question: Question) => void): void {
    clearTimeout(this.#timer);
    const question = this.#current;
    this.#current = undefined;
    if (question !== undefined) tell(question);
    this.#next();
  }

  #start(): Worker {
    const worker = new Worker(workerFile());
    worker.unref();
    worker.on("message", (told: PlannerAnswer) =>
      this.#end(({ done, fail }) => ("answer" in told ? done(told.answer) : fail(new HttpRefusal(400, told.error)))),
    );
    worker.on("error", (error: Error) => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#end(({ fail }) => fail(error));
    });
    return worker;
  }
}

function workerFile(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const found = [join(here, FILE), resolve(here, "../../../dist", FILE)].find((path) => existsSync(path));
  if (found === undefined) throw new Error(`no ${FILE} in ${here}; run: npm run build`);
  return found;
}
