import * as arrow from "apache-arrow";
import fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { arrowColumn, type ExactValue, openSession, type SparkSession, tableOf, valuesOf } from "../index.ts";

let session: SparkSession;
beforeAll(async () => {
  session = await openSession({ remote: inject("sparkRemote") });
});
afterAll(() => session.close());

/** A type and values of it. */
interface Sample {
  readonly type: arrow.DataType;
  readonly value: fc.Arbitrary<ExactValue>;
}

const instants = { min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true };
const days = fc.date(instants).map((at) => new Date(Math.floor(at.getTime() / 86_400_000) * 86_400_000));
const whole = (bits: number) => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });

/** Numbers of at most so many digits, so many of them behind the point. */
function decimal(precision: number, scale: number): Sample {
  const most = 10n ** BigInt(precision) - 1n;
  const value = fc.bigInt({ min: -most, max: most }).map((number) => {
    const digits = (number < 0n ? -number : number).toString().padStart(scale + 1, "0");
    const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
    return number < 0n ? `-${text}` : text;
  });
  return { type: new arrow.Decimal(scale, precision, 128), value };
}

const plain: fc.Arbitrary<Sample> = fc.constantFrom<Sample>(
  { type: new arrow.Int8(), value: whole(8) },
  { type: new arrow.Int16(), value: whole(16) },
  { type: new arrow.Int32(), value: whole(32) },
  { type: new arrow.Int64(), value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
  { type: new arrow.Float32(), value: fc.float() },
  { type: new arrow.Float64(), value: fc.double() },
  decimal(9, 2),
  decimal(18, 0),
  decimal(38, 18),
  decimal(38, 38),
  { type: new arrow.Bool(), value: fc.boolean() },
  { type: new arrow.Utf8(), value: fc.string({ unit: "binary" }) },
  { type: new arrow.Binary(), value: fc.uint8Array() },
  { type: new arrow.DateDay(), value: days },
  { type: new arrow.TimestampMicrosecond(null), value: fc.date(instants) },
  { type: new arrow.TimestampMicrosecond("UTC"), value: fc.date(instants) },
);

const orNull = (value: fc.Arbitrary<ExactValue>): fc.Arbitrary<ExactValue> => fc.option(value, { nil: null });
const field = <T extends arrow.DataType>(name: string, type: T, nullable = true) => new arrow.Field(name, type, nullable);

/** Arrays, structs and maps of simpler ones. */
function nested(inner: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  const list = inner.map(({ type, value }) => ({
    type: new arrow.List(field("element", type)),
    value: fc.array(orNull(value), { maxLength: 4 }),
  }));
  const struct = fc.tuple(inner, inner).map(([a, b]) => ({
    type: new arrow.Struct([field("a", a.type), field("b with a space", b.type)]),
    value: fc.record({ a: orNull(a.value), "b with a space": orNull(b.value) }),
  }));
  const map = inner.map(({ type, value }) => ({
    type: new arrow.Map_(
      field(
        "entries",
        new arrow.Struct<{ key: arrow.Utf8; value: arrow.DataType }>([
          field("key", new arrow.Utf8(), false),
          field("value", type),
        ]),
        false,
      ),
    ),
    value: fc
      .uniqueArray(fc.tuple(fc.string(), orNull(value)), { selector: ([key]) => key, maxLength: 4 })
      .map((entries) => new Map(entries)),
  }));
  return fc.oneof(list, struct, map);
}

const sample = fc.oneof(plain, plain, nested(plain), nested(nested(plain)));
const column = fc.integer({ min: 0, max: 20 }).chain((rows) =>
  fc.array(
    sample.chain(({ type, value }) =>
      fc.array(orNull(value), { minLength: rows, maxLength: rows }).map((values) => ({ type, values })),
    ),
    { minLength: 1, maxLength: 5 },
  ),
);

test("every type comes back from Spark as it went there", async () => {
  await fc.assert(
    fc.asyncProperty(column, async (columns) => {
      const vectors = await Promise.all(columns.map(({ type, values }) => arrowColumn(type, values)));
      await session.createView("sent", new arrow.Table(Object.fromEntries(vectors.map((vector, k) => [`c${k}`, vector]))));
      const { batches } = await session.execute({ root: { sql: { query: "select * from sent" } } });
      const table = await tableOf(batches);
      const back = columns.map((_, k) => [...valuesOf(table.getChildAt(k)!)]);
      expect(back).toEqual(columns.map(({ values }) => values));
    }),
    { numRuns: 150 },
  );
});
