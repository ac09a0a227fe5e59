/**
 * Reads zip files as strictly as they can be read: what two programs might read differently is refused. Entries are stored,
 * one behind the other, without a gap; local headers, descriptors and the directory at the end say the same (APPNOTE 4.3).
 */
import { ImageError } from "../error.ts";

/** A file, or bytes, by offset. */
export interface ZipSource {
  readonly bytes: number;
  /** Exactly so many. @throws where there are not as many */
  read(at: number, bytes: number): Buffer;
}

export interface ZipEntry {
  name: string;
  /** Of its content. */
  at: number;
  bytes: number;
  crc32: number;
}

const END = { signature: 0x06054b50, bytes: 22 } as const;
const CENTRAL = { signature: 0x02014b50, bytes: 46 } as const;
const LOCAL = { signature: 0x04034b50, bytes: 30 } as const;
const DESCRIPTOR = { signature: 0x08074b50, bytes: 16 } as const;
const ZIP64_LOCATOR = { signature: 0x07064b50, bytes: 20 } as const;

export const ZIP_ENTRIES_MAX = 64;
const DIRECTORY_BYTES_MAX = 64 * 1024;
const U16_MAX = 0xffff;
const U32_MAX = 0xffffffff;
/** Sizes and CRC-32 come behind the content; names are UTF-8. */
const FLAGS = { descriptor: 0x0008, utf8: 0x0800 } as const;
const STORED = 0;
/** A plain name: no folder, nothing hidden, nothing that file systems fold into another. */
const NAME = /^[A-Za-z0-9][\w.+-]{0,99}$/;
export const isZipName = (name: string): boolean => NAME.test(name);
/** Extra fields that say something else than the header: 64-bit sizes, another name. */
const EXTRA_REFUSED: ReadonlySet<number> = new Set([0x0001, 0x7075]);
const MODE = { type: 0xf000, file: 0x8000, link: 0xa000 } as const;
/** High half of the external attributes where Unix made the entry. */
const UNIX = 3;

const fail = (problem: string): never => {
  throw new ImageError(problem);
};

interface Listed extends ZipEntry {
  headerAt: number;
  flags: number;
}

/** @throws ImageError saying what is wrong with it */
export function readZip(source: ZipSource): ZipEntry[] {
  const { directoryAt, count } = readEnd(source);
  const directory = source.read(directoryAt, source.bytes - END.bytes - directoryAt);
  const listed = readDirectory(directory, count);
  let at = 0;
  for (const entry of listed) {
    if (entry.headerAt !== at)
      fail(`${entry.name}: begins at ${entry.headerAt}, not where the one before it ends, ${at}`);
    at = checkEntry(source, entry, directoryAt);
  }
  if (at !== directoryAt) fail(`${directoryAt - at} bytes between the last entry and the directory`);
  return listed.map(({ name, at: contentAt, bytes, crc32 }) => ({ name, at: contentAt, bytes, crc32 }));
}

function readEnd(source: ZipSource): { directoryAt: number; count: number } {
  if (source.bytes < END.bytes) fail("too short for a zip file");
  if (source.bytes > U32_MAX) fail("longer than 4 GiB");
  const end = source.read(source.bytes - END.bytes, END.bytes);
  if (end.readUInt32LE(0) !== END.signature || end.readUInt16LE(20) !== 0)
    fail("no zip file, cut off, or something stands behind its end (a comment, for example)");
  const [disk, directoryDisk, here, count] = [4, 6, 8, 10].map((at) => end.readUInt16LE(at));
  const [directoryBytes, directoryAt] = [12, 16].map((at) => end.readUInt32LE(at));
  if (count === U16_MAX || directoryBytes === U32_MAX || directoryAt === U32_MAX || hasZip64(source))
    fail("zip64 is not taken");
  if (disk !== 0 || directoryDisk !== 0 || here !== count) fail("a part of several");
  if (count === 0 || count > ZIP_ENTRIES_MAX) fail(`${count} entries; 1 to ${ZIP_ENTRIES_MAX} are taken`);
  if (directoryBytes > DIRECTORY_BYTES_MAX)
    fail(`a directory of ${directoryBytes} bytes; at most ${DIRECTORY_BYTES_MAX} are taken`);
  if (directoryAt + directoryBytes !== source.bytes - END.bytes)
    fail("the directory does not end where the end begins");
  return { directoryAt, count };
}

function hasZip64(source: ZipSource): boolean {
  const at = source.bytes - END.bytes - ZIP64_LOCATOR.bytes;
  return at >= 0 && source.read(at, 4).readUInt32LE(0) === ZIP64_LOCATOR.signature;
}

function readDirectory(directory: Buffer, count: number): Listed[] {
  const listed: Listed[] = [];
  const names = new Set<string>();
  let at = 0;
  for (let index = 0; index < count; index++) {
    const head = directory.subarray(at, at + CENTRAL.bytes);
    if (head.length < CENTRAL.bytes || head.readUInt32LE(0) !== CENTRAL.signature)
      fail(`directory: no entry ${index + 1}`);
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => head.readUInt16LE(field));
    const nameAt = at + CENTRAL.bytes;
    const extraAt = nameAt + nameBytes;
    at = extraAt + extraBytes + commentBytes;
    if (at > directory.length) fail(`directory: entry ${index + 1} is cut off`);
    const name = nameOf(directory.subarray(nameAt, extraAt));
    // File systems that fold upper and lower case have one file for both.
    if (names.has(name.toLowerCase())) fail(`${name}: comes twice`);
    names.add(name.toLowerCase());
    if (commentBytes > 0) fail(`${name}: has a comment`);
    checkExtra(name, directory.subarray(extraAt, extraAt + extraBytes));
    listed.push(entryOf(name, head));
  }
  if (at !== directory.length) fail(`${directory.length - at} bytes behind the last entry of the directory`);
  return listed;
}

function nameOf(bytes: Buffer): string {
  const name = bytes.toString("latin1");
  if (NAME.test(name)) return name;
  const shown = JSON.stringify(name.slice(0, 100));
  if (name.endsWith("/")) fail(`${shown}: a folder`);
  return fail(`${shown}: a plain file name without folders is needed`);
}

function entryOf(name: string, head: Buffer): Listed {
  const [flags, method] = [8, 10].map((field) => head.readUInt16LE(field));
  const [crc32, storedBytes, bytes] = [16, 20, 24].map((field) => head.readUInt32LE(field));
  const headerAt = head.readUInt32LE(42);
  if ((flags & 1) !== 0) fail(`${name}: is encrypted`);
  if ((flags & ~(FLAGS.descriptor | FLAGS.utf8)) !== 0) fail(`${name}: flags ${flags.toString(16)} are not taken`);
  if (method !== STORED) fail(`${name}: is compressed; entries are stored as they are`);
  if (storedBytes !== bytes) fail(`${name}: is stored in ${storedBytes} bytes and has ${bytes}`);
  if (bytes === U32_MAX || headerAt === U32_MAX) fail(`${name}: zip64 is not taken`);
  if (head.readUInt16LE(34) !== 0) fail(`${name}: is in another part`);
  if (head.readUInt8(5) === UNIX) {
    const type = head.readUInt16LE(40) & MODE.type;
    if (type === MODE.link) fail(`${name}: a link`);
    if (type !== 0 && type !== MODE.file) fail(`${name}: no plain file`);
  }
  return { name, at: 0, bytes, crc32, headerAt, flags };
}

/** @returns where it ends; sets where its content begins */
function checkEntry(source: ZipSource, entry: Listed, endAt: number): number {
  const { name, headerAt, flags, bytes, crc32 } = entry;
  const within = (at: number): number => (at <= endAt ? at : fail(`${name}: goes on over the directory`));
  within(headerAt + LOCAL.bytes);
  const head = source.read(headerAt, LOCAL.bytes);
  if (head.readUInt32LE(0) !== LOCAL.signature) fail(`${name}: there is no entry where the directory says`);
  const [nameBytes, extraBytes] = [26, 28].map((field) => head.readUInt16LE(field));
  const nameAt = headerAt + LOCAL.bytes;
  entry.at = within(nameAt + nameBytes + extraBytes);
  const differs = (what: string): never => fail(`${name}: its header and the directory differ in ${what}`);
  if (source.read(nameAt, nameBytes).toString("latin1") !== name) differs("its name");
  checkExtra(name, source.read(nameAt + nameBytes, extraBytes));
  if (head.readUInt16LE(6) !== flags) differs("flags");
  if (head.readUInt16LE(8) !== STORED) differs("compression");
  const hasDescriptor = (flags & FLAGS.descriptor) !== 0;
  for (const [field, wanted, what] of [
    [14, crc32, "CRC-32"],
    [18, bytes, "size"],
    [22, bytes, "size"],
  ] as const) {
    const said = head.readUInt32LE(field);
    if (said !== wanted && !(hasDescriptor && said === 0)) differs(what);
  }
  const contentEnd = within(entry.at + bytes);
  if (!hasDescriptor) return contentEnd;
  const end = within(contentEnd + DESCRIPTOR.bytes);
  const said = source.read(contentEnd, DESCRIPTOR.bytes);
  const isSame = said.readUInt32LE(4) === crc32 && said.readUInt32LE(8) === bytes && said.readUInt32LE(12) === bytes;
  if (said.readUInt32LE(0) !== DESCRIPTOR.signature || !isSame)
    fail(`${name}: its descriptor and the directory differ`);
  return end;
}

function checkExtra(name: string, extra: Buffer): void {
  for (let at = 0; at < extra.length;) {
    if (at + 4 > extra.length) fail(`${name}: its extra fields are cut off`);
    const id = extra.readUInt16LE(at);
    if (EXTRA_REFUSED.has(id)) fail(`${name}: extra field ${id.toString(16)} is not taken`);
    at += 4 + extra.readUInt16LE(at + 2);
    if (at > extra.length) fail(`${name}: its extra fields are cut off`);
  }
}
