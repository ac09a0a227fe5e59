/** Kubernetes: the sweep's folder gets the file of an indexed job. Who may start it does; the same command, called again, puts the results in place. */
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { RunInputError } from "../../../../run/index.ts";
import { sweepKey } from "../ids.ts";
import { PartsReader } from "../parts.ts";
import { writeTasks } from "../tasks.ts";
import type { EngineEvent, FoundRecord, RunId, SweepEngine } from "../types.ts";
import { engineFolder, partsFolder, type VersionedPlan, writePlan } from "../work-folder.ts";
import { writeSweepFile } from "../../store.ts";
import { jobManifest } from "./manifest.ts";

/** Together with number and dashes below the 63 that a name may have, as pods get some more. */
const NAME_MAX = 32;
const KEY_DIGITS = 8;

export interface KubernetesOptions {
  /** Of the container. */
  image: string;
  /** A volume claim, and a folder in it behind a slash. */
  claim: string;
  tasks?: number;
  /** Runs at the same time in each pod. */
  jobs: number;
}

export class KubernetesEngine implements SweepEngine {
  readonly #sweepFolder: string;
  readonly #plan: VersionedPlan;
  readonly #options: KubernetesOptions;
  readonly #parts: PartsReader;
  #written = "";

  constructor(sweepFolder: string, plan: VersionedPlan, options: KubernetesOptions) {
    if (!/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?(\/.+)?$/.test(options.claim))
      throw new RunInputError(
        `--claim: ${options.claim} is not allowed; the name of a volume claim, such as sweeps or sweeps/mine`,
      );
    if (!/^[\w][\w./:@-]*$/.test(options.image))
      throw new RunInputError(
        `--image: ${options.image} is not allowed; a container image, such as registry.example/poncast:1`,
      );
    this.#sweepFolder = sweepFolder;
    this.#plan = plan;
    this.#options = options;
    this.#parts = new PartsReader(partsFolder(sweepFolder));
  }

  plan(open: readonly RunId[]): Promise<readonly RunId[]> {
    return Promise.resolve(open);
  }

  submit(ids: readonly RunId[]): Promise<void> {
    writePlan(this.#sweepFolder, this.#plan);
    const root = engineFolder(this.#sweepFolder, "kubernetes");
    const before = existsSync(root) ? readdirSync(root).map(Number).filter(Number.isInteger) : [];
    const number = Math.max(0, ...before) + 1;
    const folder = join(root, String(number));
    const { image, claim, tasks: wanted, jobs } = this.#options;
    const { file, tasks } = writeTasks(folder, this.#plan, ids, wanted);
    const [claimName, ...path] = claim.split("/");
    const name = `poncast-${nameOf(this.#plan.name)}-${sweepKey(this.#plan).slice(0, KEY_DIGITS)}-${number}`;
    const manifest = jobManifest({
      name,
      sweep: this.#plan.name,
      image,
      claim: claimName,
      ...(path.length > 0 && { subPath: path.join("/") }),
      completions: tasks,
      idsFile: relative(this.#sweepFolder, file),
      jobs,
    });
    this.#written = join(folder, "job.yaml");
    writeSweepFile(this.#written, manifest);
    return Promise.resolve();
  }

  // oxlint-disable-next-line require-await -- the interface is that of engines that have something to wait for
  async *events(): AsyncIterable<EngineEvent> {
    const apply = `kubectl apply -f ${this.#written}`;
    yield {
      type: "handedOver",
      text: `written: ${this.#written}\nstart it with: ${apply}\nthen the same command puts its results in place`,
    };
  }

  collect(): FoundRecord[] {
    return this.#parts.next();
  }

  /** What runs in a cluster is deleted there. */
  cancel(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** What of a sweep's name may stand in a name of Kubernetes. */
const nameOf = (sweep: string): string =>
  sweep
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, NAME_MAX)
    .replace(/^-+|-+$/g, "") || "sweep";
