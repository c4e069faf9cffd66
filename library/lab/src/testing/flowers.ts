import { random, type Table, table } from "assay";

/** 150 generated rows of three kinds of flowers: two lengths, a colour with missing cells, the kind. */
export function flowers(): Table {
  const draw = random(5, "flowers");
  const kinds = ["aster", "bellis", "crocus"];
  const rows = Array.from({ length: 150 }, (_, i) => {
    const k = i % 3;
    return {
      petal_length: 1.5 + 1.6 * k + 0.4 * draw.normal(),
      petal_width: draw.float() < 0.04 ? null : Math.abs(0.3 + 0.8 * k + 0.25 * draw.normal()),
      colour: draw.float() < 0.05 ? null : ["white", "blue", "yellow"][draw.float() < 0.7 ? k : draw.int(3)]!,
      field: `field ${1 + draw.int(12)}`,
      kind: kinds[k]!,
    };
  });
  return table(rows);
}
