import { describe, expect, test } from "vitest";
import { keplerTwin } from "./kepler-twin.ts";
import { readCsv } from "./read-csv.ts";

describe("the generated twin of the Kepler table", () => {
  const text = keplerTwin({ rows: 600, seed: 7 });

  test("is the same text for the same seed", () => expect(keplerTwin({ rows: 600, seed: 7 })).toBe(text));

  test("has 53 comment lines before the header", () => {
    const lines = text.split("\n");
    expect(lines.findIndex((line) => !line.startsWith("#"))).toBe(53);
  });

  test("reads as 600 rows of 49 columns", async () => {
    const table = await readCsv(Buffer.from(text), { comment: "#", missing: [""] });
    expect([table.rows, table.names.length]).toEqual([600, 49]);
  });

  test("has several signals for some stars", () => {
    const stars = text
      .split("\n")
      .slice(54, -1)
      .map((line) => line.split(",")[0]);
    expect(new Set(stars).size).toBeLessThan(stars.length);
  });
});
