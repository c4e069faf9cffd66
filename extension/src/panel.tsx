import { ReactWidget } from "@jupyterlab/apputils";
import type { TranslationBundle } from "@jupyterlab/translation";
import type { CommandRegistry } from "@lumino/commands";
import type { Message } from "@lumino/messaging";
import { type ISignal, Signal } from "@lumino/signaling";
import React, { createContext, Suspense, useContext, useEffect, useState } from "react";
import type { Api } from "./api";
import { Boundary } from "./elements/Boundary";
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
  /** Whether the service does not answer. */
  readonly away: boolean;
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
  private wantsFocus = false;

  constructor(surroundings: Surroundings, draw: () => React.JSX.Element) {
    super();
    this.surroundings = surroundings;
    this.draw = draw;
    this.addClass("jp-Assay");
  }

  protected render(): React.JSX.Element {
    return (
      <Provider surroundings={this.surroundings} seen={this.seen} isSeen={() => this.isVisible}>
        <Boundary trans={this.surroundings.trans}>
          <Suspense fallback={null}>
            {this.draw()}
            <Drawn onDrawn={this.focusIfAsked} />
          </Suspense>
        </Boundary>
      </Provider>
    );
  }

  /** What was drawn before it had its place is seen from now on: no message of showing comes with that. */
  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.seen.emit(this.isVisible);
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
    this.wantsFocus = true;
    this.focusIfAsked();
  }

  /** Focuses the first control, once there is one. */
  private readonly focusIfAsked = (): void => {
    if (!this.wantsFocus) return;
    const first = this.node.querySelector<HTMLElement>("[data-autofocus], button, input, select, a[href]");
    if (!first) return;
    this.wantsFocus = false;
    first.focus({ preventScroll: true });
  };
}

/** Tells when what stands beside it is fetched and drawn. */
function Drawn({ onDrawn }: { onDrawn(): void }): null {
  useEffect(onDrawn, []);
  return null;
}

/** What a panel is drawn with. */
interface ProviderProps {
  surroundings: Surroundings;
  seen: ISignal<unknown, boolean>;
  isSeen(): boolean;
  children: React.ReactNode;
}

/** Hands the surroundings to what is drawn inside, with what changes: whether it is seen, and whether the service is there. */
export function Provider({ surroundings, seen, isSeen, children }: ProviderProps): React.JSX.Element {
  const { live, preferences } = surroundings;
  const [visible, setVisible] = useState(isSeen);
  const [away, setAway] = useState(live.away);
  const [, redraw] = useState(0);
  useEffect(() => {
    const follow = (_: unknown, value: boolean) => setVisible(value);
    const again = () => redraw((count) => count + 1);
    const hear = () => setAway(live.away);
    seen.connect(follow);
    setVisible(isSeen()); // it may have been shown between drawing and here
    preferences.changed.connect(again);
    live.awayChanged.connect(hear);
    hear();
    return () => {
      seen.disconnect(follow);
      preferences.changed.disconnect(again);
      live.awayChanged.disconnect(hear);
    };
  }, [seen, surroundings]);
  return <Context.Provider value={{ ...surroundings, visible, away }}>{children}</Context.Provider>;
}
