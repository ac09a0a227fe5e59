/**
 * Fields of a Job of batch/v1 that ours may use, with the names, types and rules of the Kubernetes API reference
 * (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/): a field that is not there is refused by a server.
 */
import type { Schema } from "@cfworker/json-schema";

const object = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const list = (items: Schema): Schema => ({ type: "array", items, minItems: 1 });
const words: Schema = { type: "object", additionalProperties: { type: "string", maxLength: 63 } };
const count: Schema = { type: "integer", minimum: 0, maximum: 2_147_483_647 };
const flag: Schema = { type: "boolean" };
/** A label of a host name: pods have the job's name with a number and five letters behind it. */
const label: Schema = { type: "string", pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", maxLength: 63 };
const quantity: Schema = { type: "string", pattern: "^[0-9.]+(m|Ki|Mi|Gi|k|M|G)?$" };
const quantities: Schema = object({ cpu: quantity, memory: quantity, "ephemeral-storage": quantity });

const container = object(
  {
    name: label,
    image: { type: "string", minLength: 1 },
    command: list({ type: "string" }),
    args: list({ type: "string" }),
    env: list(object({ name: { type: "string" }, value: { type: "string" } }, ["name"])),
    resources: object({ requests: quantities, limits: quantities }),
    securityContext: object({
      allowPrivilegeEscalation: flag,
      readOnlyRootFilesystem: flag,
      runAsNonRoot: flag,
      capabilities: object({ drop: list({ type: "string" }), add: list({ type: "string" }) }),
    }),
    volumeMounts: list(
      object(
        {
          name: label,
          mountPath: { type: "string", pattern: "^[^:]+$" },
          subPath: { type: "string", pattern: "^(?!/)(?!.*\\.\\.)" },
          readOnly: flag,
        },
        ["name", "mountPath"],
      ),
    ),
  },
  ["name", "image"],
);

const pod = object(
  {
    // A job's pods may not have Always.
    restartPolicy: { enum: ["Never", "OnFailure"] },
    automountServiceAccountToken: flag,
    enableServiceLinks: flag,
    securityContext: object({
      runAsNonRoot: flag,
      runAsUser: count,
      runAsGroup: count,
      fsGroup: count,
      seccompProfile: object({ type: { enum: ["RuntimeDefault", "Localhost", "Unconfined"] } }, ["type"]),
    }),
    containers: list(container),
    volumes: list(
      object({ name: label, persistentVolumeClaim: object({ claimName: { type: "string" } }, ["claimName"]) }, [
        "name",
      ]),
    ),
  },
  ["containers", "restartPolicy"],
);

export const JOB_SCHEMA: Schema = object(
  {
    apiVersion: { const: "batch/v1" },
    kind: { const: "Job" },
    metadata: object({ name: label, labels: words, annotations: { type: "object" } }, ["name"]),
    spec: object(
      {
        completionMode: { enum: ["NonIndexed", "Indexed"] },
        completions: count,
        parallelism: count,
        backoffLimit: count,
        // Of indexed jobs whose pods are never restarted alone.
        backoffLimitPerIndex: count,
        maxFailedIndexes: count,
        activeDeadlineSeconds: count,
        ttlSecondsAfterFinished: count,
        template: object({ metadata: object({ labels: words }), spec: pod }, ["spec"]),
      },
      ["completionMode", "completions", "template"],
    ),
  },
  ["apiVersion", "kind", "metadata", "spec"],
);
