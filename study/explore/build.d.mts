/** Types of the explorer's build. */

/** A text of a source file that is to be another one. */
export interface Mutant {
  file: string;
  /** Found once. */
  from: string;
  to: string;
}

export function buildExplore(options?: {
  entry?: string;
  outfile?: string;
  mutant?: Mutant | undefined;
}): Promise<void>;
