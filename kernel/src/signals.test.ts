import { expect, test } from "vitest";
import { signals } from "./signals.cjs";

/** Both threads' sides of one memory, as a kernel has them when it has started. */
function sides() {
  const main = signals();
  main.leave();
  return { main, channels: signals(main.memory) };
}

test("a wish is for the oldest request that has not ended, also where none has begun", () => {
  const { main, channels } = sides();
  expect(channels.wish(2)).toBe(1);
  main.begin(1);
  main.end(1);
  expect(channels.wished(1)).toBe(false);
  expect(channels.wish(2)).toBe(2);
});

test("a request that is to stop is not forgotten while it begins, and no other heeds it", () => {
  const { main, channels } = sides();
  channels.wish(1);
  expect(main.heed()).toBe(false);
  main.begin(1);
  expect(main.heed()).toBe(true);
  expect([main.heed(), channels.wished(1)]).toEqual([false, false]);
  main.end(1);
  channels.wish(1);
  main.begin(2);
  expect(main.heed()).toBe(false);
});

test("two wishes for one request are one", () => {
  const { main, channels } = sides();
  main.begin(1);
  expect([channels.wish(1), channels.wish(1)]).toEqual([1, 1]);
  expect([main.heed(), main.heed()]).toEqual([true, false]);
});

test("our code is not aimed at, and does not begin until an ending has struck", () => {
  const { main, channels } = sides();
  main.begin(1);
  expect([channels.runs(1), channels.aim(1)]).toEqual([false, false]);
  main.leave();
  expect([channels.runs(1), channels.aim(2), channels.aim(1)]).toEqual([true, false, true]);
  channels.wish(1);
  expect([
    main.enter(),
    main.heed(),
    main.own(
      () => "ran",
      () => "waits",
    ),
  ]).toEqual([false, false, "waits"]);
  channels.struck(1);
  expect([main.heed(), main.own(() => "ran"), main.enter()]).toEqual([true, "ran", true]);
});

test("what our code does within our code gives nothing away", () => {
  const { main, channels } = sides();
  main.own(() => {
    main.own(() => undefined);
    expect(channels.aim(0)).toBe(false);
  });
  expect(channels.aim(0)).toBe(true);
});
