import { ReactWidget } from "@jupyterlab/apputils";
import type { TranslationBundle } from "@jupyterlab/translation";
import type { CommandRegistry } from "@lumino/commands";
import type { Message } from "@lumino/messaging";
import { type ISignal, Signal } from "@lumino/signaling";
import React, { createContext, useContext, useEffect, useState } from "react";
import type { Api } from "./api";
import type { Live } from "./live";
import type { Preferences } from "./preferences";
import type { WriteCell } from "./write-cell";

/** What every panel works with. */
export interface Surroundings {
  readonly api: Api;
  readonly live: Live;
  readonly commands: CommandRegistry;
  readonly preferences: Preferences;
  readonly trans: TranslationBundle;
  readonly writeCell: WriteCell;
}

interface PanelContext extends Surroundings {
  /** Whether the panel is on the screen; loading and streams rest while it is not. */
  readonly visible: boolean;
}

const Context = createContext<PanelContext | null>(null);

/** The surroundings of the panel that asks. */
export function usePanel(): PanelContext {
  const context = useContext(Context);
  if (!context) throw new Error("usePanel: must be called inside a panel");
  return context;
}

/** A Lumino widget that draws one React panel and tells it whether it is seen. */
export class PanelWidget extends ReactWidget {
  private readonly surroundings: Surroundings;
  private readonly draw: () => React.JSX.Element;
  private readonly seen = new Signal<this, boolean>(this);

  constructor(surroundings: Surroundings, draw: () => React.JSX.Element) {
    super();
    this.surroundings = surroundings;
    this.draw = draw;
    this.addClass("jp-Assay");
  }

  protected render(): React.JSX.Element {
    return (
      <Provider surroundings={this.surroundings} seen={this.seen} isSeen={() => this.isVisible}>
        {this.draw()}
      </Provider>
    );
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.seen.emit(true);
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.seen.emit(false);
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    const first = this.node.querySelector<HTMLElement>("[data-autofocus], button, input, select, a[href]");
    first?.focus({ preventScroll: true });
  }
}

interface ProviderProps {
  surroundings: Surroundings;
  seen: ISignal<unknown, boolean>;
  isSeen(): boolean;
  children: React.ReactNode;
}

function Provider({ surroundings, seen, isSeen, children }: ProviderProps): React.JSX.Element {
  const [visible, setVisible] = useState(isSeen);
  const [, redraw] = useState(0);
  useEffect(() => {
    const follow = (_: unknown, value: boolean) => setVisible(value);
    const again = () => redraw((count) => count + 1);
    seen.connect(follow);
    setVisible(isSeen()); // it may have been shown between drawing and here
    surroundings.preferences.changed.connect(again);
    return () => {
      seen.disconnect(follow);
      surroundings.preferences.changed.disconnect(again);
    };
  }, [seen, surroundings]);
  return <Context.Provider value={{ ...surroundings, visible }}>{children}</Context.Provider>;
}
