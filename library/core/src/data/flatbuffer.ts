/** Bytes that are to be a flatbuffer, read with every place checked. Throws RangeError for a place outside. */
export class Flatbuffer {
  readonly #view: DataView;

  /** The flatbuffer in these bytes. */
  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Place of the root table. */
  root(): number {
    return this.#table(this.#view.getUint32(0, true));
  }

  /** Place of a table's field, undefined where it is left out. */
  field(table: number, index: number): number | undefined {
    const fields = table - this.#view.getInt32(table, true);
    if (4 + 2 * index >= this.#view.getUint16(fields, true)) return undefined;
    const offset = this.#view.getUint16(fields + 4 + 2 * index, true);
    return offset === 0 ? undefined : table + offset;
  }

  /** Place of the table that a field leads to. */
  table(field: number | undefined): number | undefined {
    return field === undefined ? undefined : this.#table(field + this.#view.getUint32(field, true));
  }

  /** Place and length of the vector that a field leads to, its elements of so many bytes all there. */
  vector(field: number | undefined, elementBytes: number): { readonly at: number; readonly length: number } {
    if (field === undefined) return { at: 0, length: 0 };
    const at = field + this.#view.getUint32(field, true);
    const length = this.#view.getUint32(at, true);
    if (at + 4 + length * elementBytes > this.#view.byteLength) throw new RangeError(`a list claims ${length} elements`);
    return { at: at + 4, length };
  }

  /** Places of the tables of a vector of tables. */
  tables(field: number | undefined): number[] {
    const { at, length } = this.vector(field, 4);
    return Array.from({ length }, (_, k) => this.table(at + 4 * k)!);
  }

  /** A byte, 0 where its field is left out. */
  uint8(field: number | undefined): number {
    return field === undefined ? 0 : this.#view.getUint8(field);
  }

  /** A 32-bit whole number. */
  int32(at: number): number {
    return this.#view.getInt32(at, true);
  }

  /** A 64-bit whole number as a double, 0 where its field is left out. */
  int64(field: number | undefined): number {
    return field === undefined ? 0 : Number(this.#view.getBigInt64(field, true));
  }

  #table(at: number): number {
    const fields = at - this.#view.getInt32(at, true);
    const size = this.#view.getUint16(fields, true);
    if (size < 4 || fields + size > this.#view.byteLength) throw new RangeError("a table lies outside");
    for (let place = fields + 4; place + 2 <= fields + size; place += 2)
      if (at + this.#view.getUint16(place, true) >= this.#view.byteLength) throw new RangeError("a field lies outside");
    return at;
  }
}
