/** What `delta apply` leaves behind: the whole new bundle, or what was there before. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyFiles, type ApplyFiles } from "../../cli/commands/delta-apply.ts";
import { crc32, publicKey } from "../image/fixture.ts";
import { bundlePair } from "../image/long-pair.ts";
import { removeFolder } from "../support/folder.ts";

const folder = mkdtempSync(join(tmpdir(), "poncast-delta-apply-"));
const at = (name: string): string => join(folder, name);
afterAll(() => removeFolder(folder));

/** Three blocks of a MiB. */
const { base, target, delta } = bundlePair(3 * 1024 * 1024 - 5000);
beforeAll(() => {
  writeFileSync(at("old"), base);
  writeFileSync(at("new"), target);
  writeFileSync(at("delta"), delta);
  // Right to its seal but for an octet of its last body: told by nothing but the seal.
  const damaged = Uint8Array.from(delta);
  damaged[damaged.length - 200] ^= 1;
  writeFileSync(at("damaged"), damaged);
});

const asked = (out: string, changed: Partial<ApplyFiles> = {}): ApplyFiles => ({
  running: at("old"),
  delta: at("delta"),
  out,
  trustedKeys: [publicKey],
  crc32,
  signal: new AbortController().signal,
  onProgress: () => undefined,
  ...changed,
});
const temporaries = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".tmp"));

test("writes block by block under another name, and gives it its own when the last is there", async () => {
  const seen: [number, number, boolean][] = [];
  const onProgress = (done: number, total: number): number => seen.push([done, total, existsSync(at("out"))]);
  expect(await applyFiles(asked(at("out"), { onProgress }))).toMatchObject({
    ok: true,
    manifest: { version: "2.1.0" },
  });
  expect(readFileSync(at("out")).equals(target)).toBe(true);
  const blockBytes = 1024 * 1024;
  expect(seen).toEqual([
    [blockBytes, target.length, false],
    [2 * blockBytes, target.length, false],
    [target.length, target.length, false],
  ]);
  expect(temporaries()).toEqual([]);
});

test("interrupted, it leaves nothing", async () => {
  const interrupt = new AbortController();
  const onProgress = (): void => interrupt.abort();
  const applying = applyFiles(asked(at("interrupted"), { signal: interrupt.signal, onProgress }));
  await expect(applying).rejects.toThrow("aborted");
  expect([existsSync(at("interrupted")), temporaries()]).toEqual([false, []]);
});

test("a delta that is damaged far behind is refused before the first block", async () => {
  const blocks: number[] = [];
  const onProgress = (done: number): number => blocks.push(done);
  expect(await applyFiles(asked(at("refused"), { delta: at("damaged"), onProgress }))).toMatchObject({
    ok: false,
    cause: "payload-hash-mismatch",
  });
  expect([blocks, existsSync(at("refused")), temporaries()]).toEqual([[], false, []]);
});

test("through a link the new bundle is written when it is known to be good, and nothing before", async () => {
  writeFileSync(at("behind"), "before");
  symlinkSync(at("behind"), at("link"));
  expect(await applyFiles(asked(at("link"), { delta: at("damaged") }))).toMatchObject({ ok: false });
  expect(readFileSync(at("behind"), "utf8")).toBe("before");
  expect(await applyFiles(asked(at("link")))).toMatchObject({ ok: true });
  expect(readFileSync(at("behind")).equals(target)).toBe(true);
  expect(temporaries()).toEqual([]);
});

test("a folder that is not there is named", async () => {
  await expect(applyFiles(asked(at("none/out")))).rejects.toThrow(/none\/out: cannot be written \(ENOENT\)/);
});
