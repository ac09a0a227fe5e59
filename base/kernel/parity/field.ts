/** Arithmetic in GF(2^8) with the polynomial x^8 + x^4 + x^3 + x^2 + 1 (0x11D): addition is XOR. */

const POLYNOMIAL = 0x11d;
const ORDER = 255;

/** `powers[n]` = 2^n, twice around, so that a sum of two logarithms needs no reduction. */
const powers = new Uint8Array(2 * ORDER);
const logarithms = new Uint8Array(256);
/** `inverses[0]` stays 0: the coefficient of a section that is not there. */
export const inverses = new Uint8Array(256);

for (let exponent = 0, value = 1; exponent < ORDER; exponent++) {
  powers[exponent] = value;
  powers[exponent + ORDER] = value;
  logarithms[value] = exponent;
  value <<= 1;
  if (value & 0x100) value ^= POLYNOMIAL;
}
for (let value = 1; value < 256; value++) inverses[value] = powers[ORDER - logarithms[value]];

export const multiply = (a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : powers[logarithms[a] + logarithms[b]];

/** @param a not 0. */
export const invert = (a: number): number => inverses[a];

/**
 * Coefficient of data section `column` in parity section `row` of a window of `sections` sections: the Cauchy matrix
 * 1 / (x XOR y) with x = sections + row and y = column, all different and below 256.
 */
export const coefficient = (sections: number, row: number, column: number): number => invert((sections + row) ^ column);

/**
 * Inverse of a square part of that matrix, in closed form: with a_j = the points of the rows and b_i = those of the
 * columns, the inverse's entry (i, j) is the product of all (a_j + b_n)(a_n + b_i), over a_j + b_i, over the product
 * of all (a_j + a_n), n != j, and all (b_i + b_n), n != i. O(m^2).
 *
 * @returns entry (i, j) at `i * m + j`: what syndrome j contributes to missing section i.
 */
export function invertCauchy(sections: number, rows: readonly number[], columns: readonly number[]): Uint8Array {
  const m = columns.length;
  const rowProduct = new Uint8Array(m);
  const columnProduct = new Uint8Array(m);
  for (let index = 0; index < m; index++) {
    const a = sections + rows[index];
    const b = columns[index];
    let ofRow = 1;
    let ofColumn = 1;
    let rowDivisor = 1;
    let columnDivisor = 1;
    for (let n = 0; n < m; n++) {
      ofRow = multiply(ofRow, a ^ columns[n]);
      ofColumn = multiply(ofColumn, (sections + rows[n]) ^ b);
      if (n === index) continue;
      rowDivisor = multiply(rowDivisor, a ^ (sections + rows[n]));
      columnDivisor = multiply(columnDivisor, b ^ columns[n]);
    }
    rowProduct[index] = multiply(ofRow, invert(rowDivisor));
    columnProduct[index] = multiply(ofColumn, invert(columnDivisor));
  }
  const inverse = new Uint8Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      const reciprocal = invert((sections + rows[j]) ^ columns[i]);
      inverse[i * m + j] = multiply(multiply(columnProduct[i], rowProduct[j]), reciprocal);
    }
  }
  return inverse;
}
