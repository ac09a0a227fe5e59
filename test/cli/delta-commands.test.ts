/** pack --variant, delta and config plan as a user calls them: what comes out, what is refused, that nothing is left half done. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sliceFor } from "../../image/index.ts";
import { commandHere, type Ran } from "../support/command.ts";
import { removeFolder } from "../support/folder.ts";

const folder = mkdtempSync(join(tmpdir(), "poncast-delta-"));
afterAll(() => removeFolder(folder));
const poncast = (words: string): Promise<Ran> => commandHere(words.split(" "), folder);

/** Bytes that do not repeat, and differ from one another in some places. */
const payloadOf = (length: number, changed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) =>
    at % changed === 7 ? changed & 0xff : (Math.imul(at + 1, 2_654_435_761) >>> 17) & 0xff,
  );
const migration = {
  schemaVersion: 2,
  steps: [{ from: 1, to: 2, operations: [{ op: "rename", path: "/mode", to: "type" }] }],
};
const put = (name: string, content: string | Uint8Array): void => writeFileSync(join(folder, name), content);
const FIELDS = "--key me.key.pem --product-code PCST-1 --build-time 0";
const VARIANTS = "--variant HW-1,HW-2=arm.bin,arch=arm,layout=ubi --variant HW-3=mips.bin,arch=mips-be";

beforeAll(async () => {
  for (const [name, changed] of [
    ["a.bin", 999],
    ["b.bin", 1777],
  ] as const)
    put(name, payloadOf(100_000, changed));
  put("arm.bin", payloadOf(60_000, 555));
  put("mips.bin", payloadOf(50_000, 777));
  put("migration.json", JSON.stringify(migration, undefined, 2));
  for (const words of [
    "keygen me",
    "keygen other",
    `pack a.bin --out old.bundle --image-version 1.0 --hardware HW-1 ${FIELDS}`,
    `pack b.bin --out new.bundle --image-version 2.0 --hardware HW-1 --migration migration.json ${FIELDS}`,
    `pack ${VARIANTS} --out multi.bundle --image-version 2.0 ${FIELDS}`,
    "delta make old.bundle new.bundle --key me.key.pem --out d.bundle",
  ])
    expect(await poncast(words), words).toMatchObject({ code: 0 });
});

describe("delta", () => {
  test("rebuilds the new bundle bit for bit, with the signatures that it came with", async () => {
    const { code, out } = await poncast("delta apply old.bundle d.bundle --key me.pub.pem --out again.bundle");
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^again.bundle: version 2.0, \d+ bytes, SHA-256 /) as string,
    ]);
    expect(readFileSync(join(folder, "again.bundle")).equals(readFileSync(join(folder, "new.bundle")))).toBe(true);
    const target = readFileSync(join(folder, "new.bundle")).length;
    expect(readFileSync(join(folder, "d.bundle")).length).toBeLessThan(target / 10);
  });

  test("is shown by inspect, and checked by verify as any bundle", async () => {
    const { out } = await poncast("delta inspect d.bundle");
    expect(out).toMatch(/base +1\.0, /);
    expect(out).toMatch(/delta +\d+ bytes, \d+\.\d % of the target/);
    expect((await poncast("inspect d.bundle")).out).toMatch(/delta +poncast-delta-1\nfrom +1\.0, /);
    expect((await poncast("verify d.bundle --key me.pub.pem")).out).toMatch(/valid, delta from 1\.0, version 2\.0/);
    const json = JSON.parse((await poncast("delta inspect d.bundle --json")).out) as object;
    expect(json).toMatchObject({ delta: { baseVersion: "1.0", algorithm: "poncast-delta-1" }, advice: "" });
  });

  test.each([
    [
      "another base",
      "delta apply new.bundle d.bundle --key me.pub.pem --out x",
      /^d.bundle: not applied: wrong-base: /,
    ],
    ["another key", "delta apply old.bundle d.bundle --key other.pub.pem --out x", /not applied: untrusted-signature/],
    ["an image", "delta apply old.bundle new.bundle --key me.pub.pem --out x", /not applied: not-a-delta/],
  ])("of %s is refused with exit code 1, and nothing is written", async (_name, words, message) => {
    const before = readdirSync(folder);
    const { code, out } = await poncast(words);
    expect([code, out]).toEqual([1, expect.stringMatching(message) as string]);
    expect(readdirSync(folder)).toEqual(before);
  });

  test.each([
    ["delta make old.bundle old.bundle --key me.key.pem --out x", /base and target are the same/],
    ["delta make old.bundle none --key me.key.pem --out x", /none: no such file/],
    ["delta make old.bundle a.bin --key me.key.pem --out x", /target: does not begin with "PONCAST1"/],
    [
      "delta make old.bundle multi.bundle --key me.key.pem --out x",
      /target: has several payloads, for HW-1, HW-2, HW-3/,
    ],
    [
      "delta make old.bundle multi.bundle --hardware HW-3 --key me.key.pem --out x",
      /base: has nothing for hardware HW-3/,
    ],
    ["delta make d.bundle new.bundle --key me.key.pem --out x", /base: not a whole bundle: this is a delta from 1\.0/],
    [
      "delta make old.bundle new.bundle --key me.key.pem --out d.bundle",
      /d.bundle exists already; --force replaces it/,
    ],
    ["delta make old.bundle new.bundle --key me.key.pem --out none/x", /--out: none\/x cannot be written/],
    ["delta make old.bundle new.bundle --key me.key.pem --out x --filter z80", /Allowed: auto, none, arm/],
    ["delta inspect new.bundle", /new.bundle: is no delta/],
    ["delta apply a.bin d.bundle --key me.pub.pem --out x", /running image: does not begin/],
  ])("%s is one line and exit code 2", async (words, message) => {
    const before = readdirSync(folder);
    const { code, err } = await poncast(words);
    expect([code, err]).toEqual([2, expect.stringMatching(message) as string]);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(before);
  });

  test("of one payload of several is from and to slices", async () => {
    const multi = readFileSync(join(folder, "multi.bundle"));
    const words = "delta make old.bundle multi.bundle --hardware HW-1 --key me.key.pem --out m.bundle";
    const { code, err } = await poncast(words);
    // Small and large at once: the advice says so.
    expect(code, err).toBe(0);
    expect((await poncast("delta apply old.bundle m.bundle --key me.pub.pem --out arm.bundle")).code).toBe(0);
    expect(readFileSync(join(folder, "arm.bundle")).equals(sliceFor(multi, "HW-1"))).toBe(true);
    expect((await poncast("inspect m.bundle")).out).toMatch(/hardware +HW-1, HW-2\n/);
  });
});

describe("pack --variant", () => {
  test("makes one bundle of several payloads, each shown and checked", async () => {
    const { out } = await poncast("inspect multi.bundle");
    expect(out).toMatch(/variant +HW-1, HW-2, arm, ubi: 60000 bytes\nvariant +HW-3, mips-be: 50000 bytes/);
    expect(out).toMatch(/for HW-3 +50000 bytes from byte \d+/);
    const verified = await poncast("verify multi.bundle --key me.pub.pem");
    expect(verified.out.match(/valid, for HW/g)).toHaveLength(2);
    expect((await poncast("verify multi.bundle --key me.pub.pem --hardware HW-3")).code).toBe(0);
    expect((await poncast("verify multi.bundle --key me.pub.pem --hardware HW-9")).code).toBe(1);
  });

  test.each([
    [`pack ${VARIANTS} a.bin --out x --image-version 2 ${FIELDS}`, /a\.bin: a payload beside --variant/],
    [
      `pack ${VARIANTS} --hardware HW-1 --out x --image-version 2 ${FIELDS}`,
      /--hardware: each --variant names its own/,
    ],
    [`pack --out x --image-version 2 ${FIELDS}`, /name a payload/],
    [`pack a.bin --out x --image-version 2 ${FIELDS}`, /--hardware is missing/],
    [`pack --variant a.bin --out x --image-version 2 ${FIELDS}`, /--variant: a\.bin is not allowed; HW-1,HW-2=file/],
    [`pack --variant A=a.bin,cpu=z80 --out x --image-version 2 ${FIELDS}`, /--variant: cpu=z80 is not allowed/],
    [`pack --variant A=a.bin --variant A=b.bin --out x --image-version 2 ${FIELDS}`, /"A" is in two variants/],
    [`pack a.bin --hardware A --migration a.bin --out x --image-version 2 ${FIELDS}`, /a\.bin: migration is no JSON/],
  ])("%s is one line and exit code 2", async (words, message) => {
    const before = readdirSync(folder);
    const { code, err } = await poncast(words);
    expect([code, err]).toEqual([2, expect.stringMatching(message) as string]);
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe("config plan", () => {
  test("shows what would change, what is kept, and what would be refused", async () => {
    put("old.json", JSON.stringify({ schemaVersion: 1, mode: "dhcp", wifi: { ssid: "x" } }));
    const { code, out } = await poncast("config plan old.json new.bundle");
    expect(code).toBe(0);
    expect(out).toMatch(
      /^old\.json for 2\.0: steps: 1 to 2\n\/mode +→ \/type +step 1 to 2, operation 1 \(rename\)\nkept.*: \/wifi\n$/,
    );
    // A delta brings it along, too.
    const json = JSON.parse((await poncast("config plan old.json d.bundle --json")).out) as object;
    expect(json).toMatchObject({ config: { schemaVersion: 2, type: "dhcp" }, problems: [], kept: ["/wifi"] });
    put("later.json", JSON.stringify({ schemaVersion: 7 }));
    const refused = await poncast("config plan later.json new.bundle");
    expect([refused.code, refused.out]).toEqual([
      1,
      expect.stringMatching(/refused: no step leads from .* 7 to 2/) as string,
    ]);
  });

  test.each([
    ["config plan none.json new.bundle", /none\.json: no such file/],
    ["config plan a.bin new.bundle", /a\.bin: configuration is no JSON/],
    ["config plan migration.json old.bundle", /old\.bundle: brings no migration along/],
    ["config plan migration.json a.bin", /a\.bin: does not begin/],
  ])("%s is one line and exit code 2", async (words, message) => {
    const { code, err } = await poncast(words);
    expect([code, err]).toEqual([2, expect.stringMatching(message) as string]);
  });
});
