/** A digest of all that an object leads to: two cores with the same one do the same from then on, whatever they are handed. */
import { VIEWS } from "./views.ts";

/**
 * When worlds begin. No duration is as long as half of this, so that a number beyond that is an instant wherever it stands,
 * and counts by how far it is from now: two worlds that differ in nothing but the time are one.
 */
export const EPOCH_NS = 2 ** 50;

/** What the build makes of functions and classes, see `visible.mjs`. */
interface Visible {
  $site?: string;
  $captured?: () => object;
  $visible?: string;
}

const [UNDEFINED, NULL, FALSE, TRUE, INTEGER, NUMBER, INSTANT, TEXT, SEEN, LIST, MAP, SET, BYTES, OBJECT, FUNCTION] =
  Array.from({ length: 15 }, (_, index) => index + 1);

/** Makes digests; one for all objects that are to be compared. */
export class Digester {
  readonly #constants = new WeakMap<object, number>();
  readonly #words = new Map<string, number>();
  readonly #double = new Float64Array(1);
  readonly #halves = new Uint32Array(this.#double.buffer);
  /** Objects of the digest under way, by when they were met first. */
  readonly #met = new Map<object, number>();
  #nowNs = 0;
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  /** An object that never changes counts by a name. */
  constant(object: object, name: string): void {
    this.#constants.set(object, this.#wordOf(name));
  }

  /** @returns 128 bits as a text of 8 characters */
  of(root: unknown, nowNs: number): string {
    this.#met.clear();
    this.#nowNs = nowNs;
    [this.#a, this.#b, this.#c, this.#d] = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344];
    this.#value(root);
    const lanes = [this.#a, this.#b, this.#c, this.#d];
    return String.fromCharCode(...lanes.flatMap((lane) => [lane >>> 16, lane & 0xffff]));
  }

  #mix(word: number): void {
    const a = Math.imul(this.#a ^ word, 0x9e3779b1);
    this.#a = (a << 13) | (a >>> 19);
    const b = (Math.imul(this.#b ^ word, 0x85ebca77) + this.#a) | 0;
    this.#b = (b << 17) | (b >>> 15);
    const c = (Math.imul(this.#c ^ word, 0xc2b2ae3d) + this.#b) | 0;
    this.#c = (c << 11) | (c >>> 21);
    const d = (Math.imul(this.#d ^ word, 0x27d4eb2f) + this.#c) | 0;
    this.#d = (d << 7) | (d >>> 25);
    this.#a ^= this.#d;
  }

  #wordOf(text: string): number {
    let word = this.#words.get(text);
    if (word === undefined) this.#words.set(text, (word = this.#words.size));
    return word;
  }

  #value(value: unknown): void {
    switch (typeof value) {
      case "undefined":
        return this.#mix(UNDEFINED);
      case "boolean":
        return this.#mix(value ? TRUE : FALSE);
      case "number":
        return this.#number(value);
      case "string":
        this.#mix(TEXT);
        return this.#mix(this.#wordOf(value));
      case "function":
        return this.#function(value as Visible & { name: string });
      case "object":
        return value === null ? this.#mix(NULL) : this.#object(value);
      default:
        throw new Error(`a digest knows nothing of a ${typeof value}`);
    }
  }

  #number(value: number): void {
    if ((value | 0) === value) {
      this.#mix(INTEGER);
      return this.#mix(value);
    }
    const isInstant = value >= EPOCH_NS / 2 && value !== Infinity;
    this.#mix(isInstant ? INSTANT : NUMBER);
    this.#double[0] = isInstant ? value - this.#nowNs : value;
    this.#mix(this.#halves[0]);
    this.#mix(this.#halves[1]);
  }

  /** Whether it has been digested before, or stands for itself by its name. */
  #isKnown(object: object): boolean {
    const name = this.#constants.get(object);
    const before = name ?? this.#met.get(object);
    if (before === undefined) {
      this.#met.set(object, this.#met.size);
      return false;
    }
    this.#mix(SEEN);
    this.#mix(name === undefined ? before : -1 - name);
    return true;
  }

  /** Where it was written, and what it has captured there. */
  #function(made: Visible & { name: string }): void {
    if (this.#isKnown(made)) return;
    if (made.$site === undefined) throw new Error(`a function that is not visible: ${made.name}`);
    this.#mix(FUNCTION);
    this.#mix(this.#wordOf(made.$site));
    if (made.$captured !== undefined) this.#fields(made.$captured(), undefined);
  }

  #object(object: object): void {
    if (this.#isKnown(object)) return;
    if (Array.isArray(object)) {
      this.#mix(LIST);
      this.#mix(object.length);
      for (const each of object) this.#value(each);
    } else if (ArrayBuffer.isView(object)) {
      this.#bytes(new Uint8Array(object.buffer, object.byteOffset, object.byteLength));
    } else if (object instanceof Map) {
      this.#mix(MAP);
      this.#mix(object.size);
      for (const [key, value] of object) {
        this.#value(key);
        this.#value(value);
      }
    } else if (object instanceof Set) {
      this.#mix(SET);
      this.#mix(object.size);
      for (const each of object) this.#value(each);
    } else {
      this.#instance(object);
    }
  }

  #instance(object: object): void {
    const { constructor } = object;
    let name = "";
    if (constructor !== Object) {
      const { $visible } = constructor as Visible;
      if ($visible === undefined) throw new Error(`an object that is not visible: ${constructor.name}`);
      name = $visible;
    }
    this.#mix(OBJECT);
    this.#mix(this.#wordOf(name));
    this.#fields(object, VIEWS.get(name));
  }

  #fields(object: object, views: ReadonlyMap<string, (value: unknown) => unknown> | undefined): void {
    for (const key in object) {
      const value = (object as Record<string, unknown>)[key];
      const view = views?.get(key);
      this.#mix(this.#wordOf(key));
      this.#value(view === undefined ? value : view(value));
    }
    this.#mix(0);
  }

  #bytes(bytes: Uint8Array): void {
    this.#mix(BYTES);
    this.#mix(bytes.length);
    let at = 0;
    for (; at + 4 <= bytes.length; at += 4)
      this.#mix(bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24));
    for (; at < bytes.length; at++) this.#mix(bytes[at]);
  }
}
