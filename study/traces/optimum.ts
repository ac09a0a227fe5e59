/**
 * The greatest value of a function of few variables by Nelder and Mead's simplex, and its curvature there. Own code: what it is for has at
 * most four variables and a function of milliseconds; a library would bring a hundred kilobytes for it.
 */

export interface Optimum {
  at: number[];
  value: number;
}

const TURNS_MAX = 2000;
const REFLECTION = 1;
const EXPANSION = 2;
const CONTRACTION = 0.5;
const SHRINKAGE = 0.5;

/** @param step size of the first simplex along each variable */
export function maximum(
  of: (at: readonly number[]) => number,
  from: readonly number[],
  step = 1,
  close = 1e-9,
): Optimum {
  const corner = (at: number[]): Optimum => ({ at, value: of(at) });
  let simplex = [[...from], ...from.map((_, axis) => from.map((x, at) => (at === axis ? x + step : x)))].map(corner);
  const along = (center: readonly number[], worst: readonly number[], factor: number): Optimum =>
    corner(center.map((x, axis) => x + factor * (x - worst[axis])));
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    simplex.sort((one, other) => other.value - one.value);
    const [best, worst] = [simplex[0], simplex.at(-1)!];
    if (best.value - worst.value <= close * (Math.abs(best.value) + close)) break;
    const rest = simplex.slice(0, -1);
    const center = from.map((_, axis) => rest.reduce((sum, { at }) => sum + at[axis], 0) / rest.length);
    const reflected = along(center, worst.at, REFLECTION);
    if (reflected.value > best.value) {
      const expanded = along(center, worst.at, EXPANSION);
      simplex = [...rest, expanded.value > reflected.value ? expanded : reflected];
    } else if (reflected.value > rest.at(-1)!.value) simplex = [...rest, reflected];
    else {
      const isBeyond = reflected.value > worst.value;
      const contracted = along(center, worst.at, isBeyond ? CONTRACTION : -CONTRACTION);
      if (contracted.value > Math.max(worst.value, reflected.value)) simplex = [...rest, contracted];
      else
        simplex = [
          best,
          ...simplex
            .slice(1)
            .map(({ at }) => corner(at.map((x, axis) => best.at[axis] + SHRINKAGE * (x - best.at[axis])))),
        ];
    }
  }
  simplex.sort((one, other) => other.value - one.value);
  return simplex[0];
}

const DIFFERENCE = 1e-3;

/**
 * Standard errors of what a likelihood was maximised over: roots of the diagonal of the inverse of its negative curvature
 * (observed information).
 *
 * @returns null for a variable that the values say nothing about
 */
export function standardErrors(
  logLikelihood: (at: readonly number[]) => number,
  at: readonly number[],
): (number | null)[] {
  const moved = (...steps: readonly (readonly [axis: number, by: number])[]): number =>
    logLikelihood(at.map((x, axis) => x + steps.reduce((sum, [own, by]) => sum + (own === axis ? by : 0), 0)));
  const h = DIFFERENCE;
  const here = logLikelihood(at);
  const information = at.map((_, row) =>
    at.map((__, column) =>
      row === column
        ? -(moved([row, h]) - 2 * here + moved([row, -h])) / h ** 2
        : -(
            moved([row, h], [column, h]) -
            moved([row, h], [column, -h]) -
            moved([row, -h], [column, h]) +
            moved([row, -h], [column, -h])
          ) /
          (4 * h ** 2),
    ),
  );
  const inverse = inverseOf(information);
  return at.map((_, axis) => {
    const variance = inverse?.[axis][axis] ?? Number.NaN;
    return variance > 0 ? Math.sqrt(variance) : null;
  });
}

/** By Gauss and Jordan, with the largest pivot; undefined where there is none. */
function inverseOf(matrix: readonly (readonly number[])[]): number[][] | undefined {
  const size = matrix.length;
  const rows = matrix.map((row, at) => [
    ...row,
    ...Array.from({ length: size }, (_, column) => (column === at ? 1 : 0)),
  ]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column; row < size; row++)
      if (Math.abs(rows[row][column]) > Math.abs(rows[pivot][column])) pivot = row;
    if (!(Math.abs(rows[pivot][column]) > 1e-12)) return undefined;
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    const divisor = rows[column][column];
    rows[column] = rows[column].map((value) => value / divisor);
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = rows[row][column];
      rows[row] = rows[row].map((value, at) => value - factor * rows[column][at]);
    }
  }
  return rows.map((row) => row.slice(size));
}
