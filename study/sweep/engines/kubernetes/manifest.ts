/** An indexed job (batch/v1) whose pods call the worker, each with its line of ids. */
import { stringify } from "yaml";

export interface ManifestOptions {
  name: string;
  sweep: string;
  /** Of the container. */
  image: string;
  /** A volume claim that all pods may write to at once, and a folder in it: the sweep's. */
  claim: string;
  subPath?: string;
  completions: number;
  /** Within the sweep's folder. */
  idsFile: string;
  jobs: number;
}

/** Where the sweep's folder is in a container. */
export const MOUNT = "/sweep";
/** Pods at the same time; a cluster that has more to give is told so in the file. */
const PARALLELISM_MAX = 32;
/** A pod that is evicted is no fault of its runs. */
const BACKOFF_PER_INDEX = 3;
/** Nobody's on any machine, as distributions without a shell have it. */
const USER = 65_532;
const MEMORY_BASE_MI = 256;
const MEMORY_PER_JOB_MI = 256;

export function jobManifest(options: ManifestOptions): string {
  const { name, sweep, completions } = options;
  const labels = { "app.kubernetes.io/name": "poncast", "app.kubernetes.io/component": "sweep" };
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, labels, annotations: { "poncast/sweep": sweep } },
    spec: {
      completionMode: "Indexed",
      completions,
      parallelism: Math.min(completions, PARALLELISM_MAX),
      backoffLimitPerIndex: BACKOFF_PER_INDEX,
      template: { metadata: { labels }, spec: podSpec(options) },
    },
  };
  return `# ${completions} parts of a sweep; each pod takes the ids of its JOB_COMPLETION_INDEX.\n${stringify(job)}`;
}

function podSpec({ image, claim, subPath, idsFile, jobs }: ManifestOptions): object {
  const memory = `${MEMORY_BASE_MI + MEMORY_PER_JOB_MI * jobs}Mi`;
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER,
      runAsGroup: USER,
      fsGroup: USER,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "worker",
        image,
        args: ["sweep", "work", MOUNT, "--ids", `${MOUNT}/${idsFile}`, "--jobs", String(jobs), "--quiet"],
        resources: { requests: { cpu: String(jobs), memory }, limits: { memory } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [{ name: "sweep", mountPath: MOUNT, ...(subPath && { subPath }) }],
      },
    ],
    volumes: [{ name: "sweep", persistentVolumeClaim: { claimName: claim } }],
  };
}
