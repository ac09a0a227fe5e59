/** All models of losses beside one trace: the likeliest, by what each parameter more costs. */
import { BURST_MODELS, type BurstFit, fitBurst, type LossStretches } from "./gilbert-elliott.ts";
import { type Goodness, goodnessOf } from "./goodness.ts";

export interface TraceFit {
  frames: number;
  lost: number;
  /** Stretches of losses. */
  bursts: number;
  /** All, the least BIC first. */
  fits: readonly (BurstFit & { goodness: readonly Goodness[] })[];
}

/** @returns undefined where nothing or everything was lost: there is nothing to fit then */
export function fitTrace(stretches: LossStretches): TraceFit | undefined {
  const sum = (parity: number): number =>
    stretches.reduce((total, length, at) => (at % 2 === parity ? total + length : total), 0);
  const [passed, lost] = [sum(0), sum(1)];
  if (passed === 0 || lost === 0) return undefined;
  const fits = BURST_MODELS.map((model) => fitBurst(model, stretches))
    .map((fit) => ({ ...fit, goodness: goodnessOf(fit, stretches) }))
    .sort((one, other) => one.bic - other.bic);
  const bursts = stretches.filter((length, at) => at % 2 === 1 && length > 0).length;
  return { frames: passed + lost, lost, bursts, fits };
}
