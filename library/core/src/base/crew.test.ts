import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { type CrewCall, defineCrew, joinCrew, openCrew } from "./crew.ts";

interface Sums {
  readonly sums: Int32Array;
}
defineCrew("test/add", ({ sums }: Sums) => (operation, piece) => {
  Atomics.add(sums, piece, operation);
});
defineCrew("test/fail", () => (_, piece) => {
  if (piece === 2) throw new RangeError(`piece ${piece} cannot be done`);
});

const shared = (length: number): Sums => ({ sums: new Int32Array(new SharedArrayBuffer(4 * length)) });

describe("a crew of one", () => {
  test("does every piece of every operation once", () => {
    const work = shared(5);
    const crew = openCrew("test/add", work, []);
    crew.run(10, 5);
    crew.run(1, 3);
    crew.end();
    expect([...work.sums]).toEqual([11, 11, 11, 10, 10]);
  });

  test("throws what a piece threw", () => {
    expect(() => openCrew("test/fail", {}, []).run(0, 4)).toThrow(new RangeError("piece 2 cannot be done"));
  });
});

describe("a crew with a helper", () => {
  test("does not wait for a helper that never comes", () => {
    const { port1 } = new MessageChannel();
    const work = shared(40);
    const crew = openCrew("test/add", work, [port1]);
    for (let k = 0; k < 100; k++) crew.run(1, 40);
    crew.end();
    port1.close();
    expect([...work.sums]).toEqual(new Array(40).fill(100));
  });

  test("sends a helper home that comes when all is done", () => {
    const { port1, port2 } = new MessageChannel();
    const work = shared(3);
    const crew = openCrew("test/add", work, [port1]);
    crew.run(1, 3);
    crew.end();
    joinCrew(receiveMessageOnPort(port2)!.message as CrewCall, port2);
    port1.close();
    expect([...work.sums]).toEqual([1, 1, 1]);
  });
});
