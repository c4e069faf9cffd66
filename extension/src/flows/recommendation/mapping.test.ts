import { sourceMapping } from "assay-lab/contract";
import { expect, test } from "vitest";
import { draftOfMapping, lackingIn, type MappingDraft, mappingOf, noMapping, readField, settingIn, writeField } from "./mapping";

const shop: MappingDraft = {
  schema: "shop",
  tables: {
    users: { table: "people", columns: { id: "uid", region: " " } },
    items: { table: "goods", columns: { id: "sku" } },
    recommendations: { table: "shown", columns: { user: "uid", item: "sku", at: "at", clicked_at: "at if stars >= 3.5" } },
  },
};

test("a mapping of own tables is what the service takes, without what was left empty", () => {
  const mapping = mappingOf(shop);
  expect(mapping).toEqual({
    schema: "shop",
    users: { table: "people", columns: { id: "uid" } },
    items: { table: "goods", columns: { id: "sku" } },
    recommendations: {
      table: "shown",
      columns: { user: "uid", item: "sku", at: "at", clicked_at: { column: "at", where: { column: "stars", least: 3.5 } } },
    },
  });
  expect(sourceMapping.parse(mapping)).toEqual(mapping);
});

test("a mapping comes back into the form as it was written", () => {
  expect(mappingOf(draftOfMapping(mappingOf(shop)))).toEqual(mappingOf(shop));
});

test.each(["uid", "at if stars >= 3.5", "at if stars <= 1.5", "at if stars >= 2 and <= 3"])("%s is read and written", (text) => {
  expect(writeField(readField(text))).toBe(text);
});

test("what must be mapped and is not is named as the service names it", () => {
  expect(lackingIn(shop)).toEqual([]);
  expect(lackingIn(noMapping)).toEqual([
    "mapping.schema",
    "mapping.users.table",
    "mapping.users.columns.id",
    "mapping.items.table",
    "mapping.items.columns.id",
    "mapping.recommendations.table",
    "mapping.recommendations.columns.user",
    "mapping.recommendations.columns.item",
    "mapping.recommendations.columns.at",
  ]);
});

test("a table that need not be mapped needs its name and keys once something of it is", () => {
  const tables = { ...shop.tables, bookings: { table: "", columns: { at: "bought_at" } } };
  expect(lackingIn({ ...shop, tables })).toEqual([
    "mapping.bookings.table",
    "mapping.bookings.columns.user",
    "mapping.bookings.columns.item",
  ]);
});

test("the setting that a failed run names is found", () => {
  const error = 'etl: the source\'s table "shop.people" has no column "uid" (setting mapping.users.columns.id), did you mean id';
  expect(settingIn(error)).toBe("mapping.users.columns.id");
  expect(settingIn('etl: the source has no tables in the schema "shop" (setting mapping.schema); …')).toBe("mapping.schema");
  expect(settingIn("etl: the disk is full")).toBeNull();
});
