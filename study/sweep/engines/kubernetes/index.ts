/** Sweeps as indexed jobs of Kubernetes. */
export { KubernetesEngine, type KubernetesOptions } from "./engine.ts";
