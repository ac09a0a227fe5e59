/** Pointers in data and code are aimed anew page by page; deltas that say nothing of pages are read as ever. */
import { createHash } from "node:crypto";
import { brotliCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { applyDelta, makeDelta, readDeltaHead } from "../../../image/delta/index.ts";
import { Aimer, PageKind } from "../../../image/delta/aim.ts";
import { differing, differingPlain } from "../../../image/delta/differing.ts";
import { instructionsOf } from "../../../image/delta/instructions.ts";
import { aimKernel } from "../../../image/delta/kernel/shared.ts";
import { StepTable } from "../../../image/delta/steps.ts";
import { readTables, WITH_KINDS, writeTables } from "../../../image/delta/tables.ts";
import { VarintWriter } from "../../../image/delta/varints.ts";
import { armPair, numbers, pointerPair } from "./fixture.ts";

/** Of armPair(7, 40), made before there were kinds of pages: form 0 of the tables. */
const FORM_0 = [
  "UE9OREVMVDEBEAAAAAAg2AAAI3QAAAABAAAAFwAAABKlOUHoYxqU7Y/XmcLRrl6yHbFW2oEzv97ebQ4cr467CcgB35oRQScXqbHfKvXPtPv5Y3",
  "nBM7AR0jKOt+TBudLTo1cKFT7iPYVQy+i0kFHcxwAAAknIAd+aEUEnF6mx3yr1z7T7IUQABA+wJdgIgAuIBgCwA5BHiAKfWgMBoQgWwH85kMnV",
  "5witjKfWNZKnj4hCthn3J/6hP/q9/9s23oDTJqHEmgiiZQfdwQOOm+zAbQVq6nUA6cj+3o3Az2AAg2cwR2M+Y7z+dzhYOCA340x/Atkifo3/Yr",
  "1EwS5eqGeTp6M3DMA78Flmx/juP7+sx/fjYyyOi5s/YYMOS/qIpUKHH8z0Yz/ZGLo5YgR6RymAgcz+r3d1CblEmZgj1pQjQ5zluhfJWStn2FXW",
  "eSd9mLWAR1YjeBCDrNlnQzJFC8waOCQZBkPwcAychfoFF+ytJAoaQFeG5fF64NZTikJxWp34maIc3I4oYW1CB9S9E/wOAm8sWheGB54baGoa/C",
  "516waDomG5uYcpbNNo73oroPMfSu122YHCz0yD27/kOozUfzvaqCS/Q9Kquf1Y8EDgWMixh5pS5QpD0EN+he/eG4B7OvVuRFsJKF18/hOkkxUh",
  "YKsfCLk5NJgD7hPQbyS/a/3is0qRVJmbMdgwfGDtD8piCiUIueFVJEWuJUYDfuV2wUjL5YhUz1TVVhI8v9fJ/hVbcZSrVMyIy42QIJQUTbi7pX",
  "akjZz/RJdnjbdB6yR5/brCB5YmtSIvLYQfrnqRcGhJcuHStAccvbBOZ51sGELDYzoqrhZFGWSHuoIIaamXiQ70x0A9YWhtrxzTS5T714m/U/vw",
  "Wk8W11HQN3ZZ0ehMFhD4cFq3R1amScibFWezQjkR/0k/DmYjAAm11VRSPh73TolsE8ydF+hHolzCngSiyXy4/j7YJA/e/ULaVQH/Ze/5+AA=",
].join("");

function apply(base: Uint8Array, delta: Uint8Array, targetBytes: number): Uint8Array {
  const target = new Uint8Array(targetBytes);
  applyDelta({
    readDelta: (at, length) => delta.subarray(at, at + length),
    readBase: (at, length) => base.subarray(at, at + length),
    deltaBytes: delta.length,
    write: (block, at) => target.set(block, at),
  });
  return target;
}

test("a delta of the first form is applied, and to be made again would have another form", async () => {
  const { base, target } = armPair(7, 40);
  const delta = Buffer.from(FORM_0, "base64");
  expect(readDeltaHead(delta).aim.kinds).toBeUndefined();
  expect(Buffer.compare(apply(base, delta, target.length), target)).toBe(0);
  expect(readDeltaHead(await makeDelta(base, target, { filter: "arm" })).aim.kinds).toBeDefined();
});

test("tables of words and of distances cost little, where code alone is aimed they cost most", async () => {
  const { base, target } = pointerPair(1, 400);
  const delta = await makeDelta(base, target);
  expect(Buffer.compare(apply(base, delta, target.length), target)).toBe(0);
  const { filter, aim } = readDeltaHead(delta);
  expect(filter).toBe("arm");
  expect(new Set(aim.kinds)).toEqual(new Set([PageKind.branchesAndWords, PageKind.distances]));
  const none = await makeDelta(base, target, { filter: "none" });
  expect(delta.length).toBeLessThan(none.length / 3);
  const tables = target.subarray(-2 * 16 * 4 * 400);
  expect(delta.length).toBeLessThan(brotliCompressSync(tables).length);
});

test("what is aimed is found again when it is aimed from where an op begins", () => {
  const next = numbers(5);
  const bytes = Uint8Array.from({ length: 20_000 }, () => next());
  const aim = {
    moves: { starts: Int32Array.of(0, 9000), shifts: Int32Array.of(4, 400) },
    words: { starts: Int32Array.of(-5, 1_000_000), shifts: Int32Array.of(16, -16) },
    kinds: Uint8Array.of(1, 2, 3, 4, 0),
  };
  for (const filter of ["arm", "armThumb", "arm64", "mips", "mipsLe", "x86", "x64"] as const) {
    const aimer = new Aimer(instructionsOf(filter)!, aim);
    const whole = bytes.slice();
    aimer.aim(whole, 0, whole.length, 0, 4);
    // But for what begins just before.
    expect(Buffer.compare(whole.subarray(16_392), bytes.subarray(16_392))).toBe(0);
    for (const page of [0, 1, 2, 3])
      expect(
        Buffer.compare(
          whole.subarray(page * 4096, page * 4096 + 4096),
          bytes.subarray(page * 4096, page * 4096 + 4096),
        ),
      ).not.toBe(0);
    // From a buffer in which it stands elsewhere.
    const elsewhere = new Uint8Array(30_001);
    elsewhere.set(bytes, 10_001);
    aimer.aim(elsewhere, 10_001, bytes.length, 0, 4);
    expect(Buffer.compare(elsewhere.subarray(10_001), whole)).toBe(0);
  }
});

/** Of SHA-256 over what is aimed below, since there are kinds of pages: who aims otherwise rebuilds no delta that was made before. */
const AIMED = {
  arm: "dadfcd2b0c457ab3",
  armThumb: "7cdc6df8f65f2de2",
  arm64: "12cab0b9f26dc79c",
  mips: "0231263346506af6",
  mipsLe: "f815f4ed97b7787a",
  x86: "82e7bb3b4a205962",
  x64: "5c94f7137b12be48",
} as const;

const FILTERS = Object.keys(AIMED) as (keyof typeof AIMED)[];

const stepsOf = (seed: number, count: number) => {
  const some = numbers(seed);
  const places = Array.from({ length: count }, () => (some() % 0x60_0000) - 0x10_0000);
  const starts = Int32Array.from(new Set(places)).sort();
  return { starts, shifts: starts.map(() => (some() % 3 === 0 ? 0 : (some() % 4096) * 4 - 8192)) };
};

/** Small numbers among them, which words and distances find steps for. */
function pointersOf(seed: number, length: number): Uint8Array {
  const next = numbers(seed);
  return Uint8Array.from({ length }, (_, at) => (at % 4 === 2 ? next() & 0x3f : at % 8 === 7 ? 0 : next()));
}

test.each(FILTERS)("%s is aimed as deltas of today count on it, in WebAssembly and without", (filter) => {
  const aim = { moves: stepsOf(1, 300), words: stepsOf(2, 500), kinds: Uint8Array.of(1, 2, 3, 4, 4, 0, 4, 1) };
  expect(aimKernel()).not.toBeNull();
  for (const kernel of [aimKernel(), null]) {
    const bytes = pointersOf(17, 8 * 4096);
    new Aimer(instructionsOf(filter)!, aim, kernel).aim(bytes, 6, bytes.length - 9, 4099, 68);
    expect(createHash("sha256").update(bytes).digest("hex").slice(0, 16)).toBe(AIMED[filter]);
  }
});

test.each(FILTERS)(
  "%s: WebAssembly aims as plain JavaScript does, wherever ops begin and end, and whoever aims",
  (filter) => {
    const next = numbers(23);
    const tables = [
      { moves: stepsOf(3, 200), words: stepsOf(4, 1), kinds: Uint8Array.from({ length: 40 }, () => next() % 5) },
      { moves: stepsOf(5, 0), words: stepsOf(6, 90), kinds: Uint8Array.from({ length: 40 }, () => next() % 5) },
      { moves: stepsOf(7, 40), words: stepsOf(8, 40), distances: stepsOf(9, 70), kinds: undefined },
      // Places of a kernel of MIPS, negative as numbers with a sign, and nothing moved behind the last.
      {
        moves: { starts: Int32Array.of(-(2 ** 31), 9000), shifts: Int32Array.of(8, -12) },
        words: { starts: Int32Array.of(-(2 ** 31), -(2 ** 31) + 99, 0x20_0000), shifts: Int32Array.of(-4, 24, 0) },
        kinds: new Uint8Array(40).fill(2),
      },
    ];
    const aimers = tables.map((aim) =>
      [aimKernel(), null].map((kernel) => new Aimer(instructionsOf(filter)!, aim, kernel)),
    );
    for (let round = 0; round < 120; round++) {
      const [one, other] = aimers[next() % aimers.length];
      const before = pointersOf(next(), 1 + (round % 40 === 0 ? 150_000 : next() % 9000));
      const at = next() % before.length;
      const length = next() % (before.length - at + 1);
      const baseAt = next() % 9000;
      const shift = (next() % 2000) - 1000;
      const kind = next() % 5;
      const [inKernel, plain] = [one, other].map((aimer) => {
        const bytes = before.slice();
        aimer.aim(bytes, at, length, baseAt, shift);
        aimer.aimAs(kind, bytes, at, length, baseAt, shift);
        const [from, to] = [before.subarray(0, 4096), bytes.subarray(0, 4096)];
        return { bytes, wrong: [undefined, kind].map((each) => aimer.wrong(each, from, to, baseAt, shift)) };
      });
      expect(Buffer.compare(inKernel.bytes, plain.bytes)).toBe(0);
      expect(inKernel.wrong).toEqual(plain.wrong);
    }
  },
);

test("octets that differ are counted alike, in WebAssembly and without", () => {
  for (const length of [0, 1, 15, 16, 17, 4096, 5000]) {
    const [from, to] = [pointersOf(1, length), pointersOf(2, length)];
    expect(differing(from, to)).toBe(differingPlain(from, to));
    expect(differing(from, from)).toBe(0);
  }
});

/** Octets in front of the operand of what is aimed: as the manual of the processor has them. */
const X64: readonly [name: string, octets: number[], before: number][] = [
  ["call", [0xe8], 1],
  ["jne", [0x0f, 0x85], 2],
  ["mov eax, [rip+d]", [0x8b, 0x05], 2],
  ["jmp [rip+d]", [0xff, 0x25], 2],
  ["lea r8, [rip+d]", [0x4c, 0x8d, 0x05], 3],
  ["mov r8d, [rip+d]", [0x44, 0x8b, 0x05], 3],
  ["movzx eax, [rip+d]", [0x0f, 0xb6, 0x05], 3],
  ["movzx r8d, [rip+d]", [0x44, 0x0f, 0xb6, 0x05], 4],
  ["vmovdqa xmm0, [rip+d]", [0xc5, 0xf9, 0x6f, 0x05], 4],
];

test.each(X64)("64-bit x86: %s is a pointer", (_, octets, before) => {
  const x64 = instructionsOf("x64")!;
  const bytes = Uint8Array.from([...octets, 0x10, 0x20, 0x30, 0x00, 0x90, 0x90, 0x90, 0x90, 0x90]);
  expect(x64.branchAt(bytes, 0)).toBe(before + 4);
  expect(x64.operandOf(bytes, 0)).toBe(0x30_2010);
  bytes[before + 3] = 0x40;
  expect(x64.branchAt(bytes, 0)).toBe(0);
});

test.each([
  ["mov edi, a", [0xbf], 1],
  ["push a", [0x68], 1],
  ["mov [rdi], a", [0xc7, 0x07], 2],
  ["mov [rbp-8], a", [0xc7, 0x45, 0xf8], 3],
  ["mov [rsp], a", [0xc7, 0x04, 0x24], 3],
  ["mov [rsp+8], a", [0xc7, 0x44, 0x24, 0x08], 4],
  ["mov rsp, a", [0xc7, 0xc4], 2],
  ["jmp [8*rax+a]", [0xff, 0x24, 0xc5], 3],
  ["cmp eax, a", [0x3d], 1],
  ["cmp edi, a", [0x81, 0xff], 2],
] as const)("64-bit x86: %s says where something is", (_, octets, before) => {
  const bytes = Uint8Array.from([...octets, 0x10, 0x20, 0x70, 0x00, 0x90, 0x90, 0x90, 0x90]);
  expect(instructionsOf("x64")!.wordIn!(bytes, 0)).toBe(before);
});

test("steps are found as by looking at each", () => {
  const next = numbers(9);
  for (const count of [0, 1, 2, 700]) {
    const starts = Int32Array.from(new Set(Array.from({ length: count }, () => next() | 0))).sort();
    const shifts = starts.map(() => next());
    const table = new StepTable({ starts, shifts });
    const places = [...starts, ...starts.map((start) => start - 1), 0, 2 ** 31 - 1, -(2 ** 31)];
    for (const place of places) {
      const step = starts.findLastIndex((start) => start <= place);
      expect(table.shiftAt(place, 77)).toBe(step < 0 ? 77 : shifts[step]);
    }
  }
});

test("tables are refused that have too much, too little, or what is not known", () => {
  const numbersOf = (...values: number[]): Uint8Array => {
    const writer = new VarintWriter();
    for (const value of values) writer.unsigned(value);
    return writer.bytes();
  };
  const read = (...values: number[]): unknown => readTables(numbersOf(...values), WITH_KINDS, 5000);
  expect(read(0, 0, (2 << 3) | 1)).toMatchObject({ kinds: Uint8Array.of(1, 1) });
  expect(() => read(65_537)).toThrow("more than 65536 moves");
  expect(() => read(0, 65_537)).toThrow("more than 65536 moves");
  expect(() => read(2, 8, 7)).toThrow("not in order");
  expect(() => read(1)).toThrow("cut off");
  expect(() => read(0, 0, (2 << 3) | 5)).toThrow("kind 5");
  expect(() => read(0, 0, 1)).toThrow("more pages");
  expect(() => read(0, 0, (3 << 3) | 1)).toThrow("more pages");
  expect(() => read(0, 0, (1 << 3) | 1)).toThrow("fewer pages");
  const aim = {
    moves: { starts: Int32Array.of(-7, 5), shifts: Int32Array.of(8, -8) },
    words: { starts: Int32Array.of(), shifts: Int32Array.of() },
    kinds: Uint8Array.of(3, 0),
  };
  expect(readTables(writeTables(aim), WITH_KINDS, 5000)).toEqual(aim);
});
