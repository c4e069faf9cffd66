import React, { act, useState } from "react";
import { expect, test } from "vitest";
import { draw } from "../../testing/draw";
import { fakeService } from "../../testing/fake-service";
import { Similar } from "./Similar";

function Choosing(): React.JSX.Element {
  const [item, setItem] = useState("12");
  return <Similar recommender="r1" item={item} onChoose={setItem} />;
}

test("an item leads to the ten that are like it, and each of those on", async () => {
  const drawn = await draw(<Choosing />, fakeService());
  const find = (selector: string) => drawn.node.querySelector<HTMLElement>(selector)!;
  const asked = "GET api/ml/recommend/models/r1/similar";
  expect([...drawn.node.querySelectorAll('tr[data-like-item="31"] > *')].map(({ textContent }) => textContent)).toEqual([
    "1",
    "31beach_resort · coast",
    "0.9300",
  ]);
  expect(drawn.node.textContent).toContain("Items like 12 · Implicit ALS · by the cosine of their vectors");
  await drawn.press("31");
  expect((find('[name="item"]') as HTMLInputElement).value).toBe("31");
  expect(find("[data-like]").dataset["like"]).toBe("31");
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")!.set!;
  await act(async () => {
    set.call(find('[name="item"]'), "7");
    find('[name="item"]').dispatchEvent(new Event("input", { bubbles: true }));
  });
  await act(async () => find("form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true })));
  await drawn.settle();
  expect(find("[data-like]").dataset["like"]).toBe("7");
  expect(drawn.service.asked.filter((each) => each === asked)).toHaveLength(3);
  await drawn.close();
});
