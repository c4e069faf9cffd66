import type { TranslationBundle } from "@jupyterlab/translation";
import type { CommandRegistry } from "@lumino/commands";
import { Signal } from "@lumino/signaling";
import React, { act } from "react";
import { createRoot } from "react-dom/client";
import { Offline } from "../elements/states";
import { Live } from "../live";
import { Provider } from "../panel";
import { Preferences } from "../preferences";
import { type FakeService, fakeService } from "./fake-service";

/** A panel that is drawn, and what a reader does with it. */
export interface Drawn {
  readonly node: HTMLElement;
  readonly service: FakeService;
  readonly live: Live;
  /** Commands that were executed, with their arguments. */
  readonly executed: (readonly [string, unknown])[];
  /** The first element of a selector. */
  find(selector: string): HTMLElement;
  /** Writes into a field, or chooses in a list. */
  fill(selector: string, value: string): Promise<void>;
  click(selector: string): Promise<void>;
  /** Sends a form. */
  submit(selector: string): Promise<void>;
  /** Presses the button that says this. */
  press(words: string): Promise<void>;
  /** Shows or hides the panel, as its tab does. */
  show(isSeen: boolean): Promise<void>;
  /** Lets what was asked be answered, and what that changes be drawn. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** Draws a panel as a document does, with a service that answers with the examples of the contract; settles unless it is told not to. */
export async function draw(element: React.JSX.Element, service = fakeService(), settles = true): Promise<Drawn> {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  const node = document.body.appendChild(document.createElement("div"));
  const root = createRoot(node);
  const live = new Live(service);
  const executed: (readonly [string, unknown])[] = [];
  const execute = async (command: string, args?: unknown) => void executed.push([command, args]);
  const surroundings = {
    api: service,
    live,
    commands: { execute } as unknown as CommandRegistry,
    preferences: new Preferences(),
    trans: english,
    writeCell: async () => {},
  };
  const tab = { isSeen: true };
  const seen = new Signal<object, boolean>(tab);
  const settle = () => act(async () => void (await answered()));
  await act(async () =>
    root.render(
      <Provider surroundings={surroundings} seen={seen} isSeen={() => tab.isSeen}>
        <Offline />
        {element}
      </Provider>,
    ),
  );
  if (settles) await settle();
  const find = (selector: string): HTMLElement => {
    const found = node.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`draw: no ${selector} in ${node.textContent}`);
    return found;
  };
  /** Does a thing as a reader does it, and waits for what follows. */
  const done = async (work: () => void) => {
    await act(async () => work());
    await settle();
  };
  return {
    node,
    service,
    live,
    executed,
    settle,
    find,
    fill: (selector, value) => done(() => write(find(selector) as HTMLInputElement, value)),
    click: (selector) => done(() => find(selector).click()),
    submit: (selector) => done(() => void find(selector).dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }))),
    async press(words) {
      const button = [...node.querySelectorAll("button")].find((each) => each.textContent === words);
      if (!button) throw new Error(`press: no button ${words} in ${node.textContent}`);
      await done(() => button.click());
    },
    async show(isSeen) {
      tab.isSeen = isSeen;
      await act(async () => seen.emit(isSeen));
      await settle();
    },
    async close() {
      await act(async () => root.unmount());
      live.dispose();
      node.remove();
    },
  };
}

/** Changes a field's value so that React hears of it: by the setter of its kind, not by the one that React has put before it. */
function write(field: HTMLInputElement, value: string): void {
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value")!.set!.call(field, value);
  field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
}

/** A text as it stands in the sources, with its values. */
const told = (text: string, ...values: unknown[]) => text.replaceAll(/%(\d)/g, (_, k) => String(values[Number(k) - 1]));
/** Words as they stand in the source. */
export const english = {
  __: told,
  gettext: told,
  _n: (one: string, many: string, count: number, ...values: unknown[]) => told(count === 1 ? one : many, count, ...values),
} as unknown as TranslationBundle;

/** Answers of a fake service come within a few turns of the event loop. */
async function answered(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve));
}
