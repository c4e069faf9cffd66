/** Strings that a column of codes may hold. */
export const mostStrings = 1000;

/** A string's length and whether it holds doubled quotes in one number. */
export function spanOf(length: number, escaped: boolean): number {
  return escaped ? -1 - length : length;
}

/** The different strings of a CSV column, some 1,000 at most, told apart by their bytes before any string is made. */
export class CsvStrings {
  /** Where each lies that does not mean missing, in the order in which they are first seen: begin and span. */
  readonly places: number[] = [];
  readonly #bytes: Buffer;
  readonly #missing: ReadonlySet<string>;
  readonly #known = new Map<string, number>();
  readonly #slots = new Int32Array(8192).fill(-1);
  readonly #starts: number[] = [];
  readonly #lengths: number[] = [];
  /** A known spelling's level, −1 for one that means missing. */
  readonly #codes: number[] = [];

  readonly #quote: string;

  /** Strings of these bytes, some of which mean missing. */
  constructor(bytes: Buffer, missing: ReadonlySet<string>, quote: string) {
    this.#bytes = bytes;
    this.#missing = missing;
    this.#quote = quote;
  }

  /** How many there are that do not mean missing. */
  get count(): number {
    return this.places.length / 2;
  }

  /** The code of the string between two places, −1 where it means missing. `escaped`: it holds doubled quotes. */
  code(from: number, to: number, escaped: boolean): number {
    if (escaped) return this.#codeOfText(from, to, true);
    const bytes = this.#bytes;
    const length = to - from;
    let hash = length;
    for (let k = from; k < to; k++) hash = Math.imul(hash ^ bytes[k]!, 0x01000193);
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const place = slots[slot]!;
      if (place < 0) return this.#add(slot, from, to);
      if (this.#lengths[place] === length && this.#isAt(this.#starts[place]!, from, length)) return this.#codes[place]!;
    }
  }

  #isAt(start: number, from: number, length: number): boolean {
    for (let k = 0; k < length; k++) if (this.#bytes[start + k] !== this.#bytes[from + k]) return false;
    return true;
  }

  #add(slot: number, from: number, to: number): number {
    const code = this.#codeOfText(from, to, false);
    this.#slots[slot] = this.#codes.length;
    this.#starts.push(from);
    this.#lengths.push(to - from);
    this.#codes.push(code);
    return code;
  }

  #codeOfText(from: number, to: number, escaped: boolean): number {
    const text = textAt(this.#bytes, from, to, escaped, this.#quote);
    if (this.#missing.has(text)) return -1;
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const code = this.count;
    this.places.push(from, spanOf(to - from, escaped));
    this.#known.set(text, code);
    return code;
  }
}

/** The string between two places; doubled quotes of an escaped one are single. */
export function textAt(bytes: Buffer, from: number, to: number, escaped: boolean, quote: string): string {
  const text = bytes.toString("utf8", from, to);
  return escaped ? text.replaceAll(quote + quote, quote) : text;
}
