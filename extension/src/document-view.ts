import type { ReadonlyPartialJSONObject, ReadonlyPartialJSONValue } from "@lumino/coreutils";
import { type ISignal, Signal } from "@lumino/signaling";

/** What a document shows of what it could show: its tab, its filter. It is kept with the layout, and told by the document's link. */
export class DocumentView {
  private kept: Record<string, ReadonlyPartialJSONValue | undefined>;
  private linked: ReadonlyPartialJSONObject = {};
  private readonly anew = new Signal<this, void>(this);
  private readonly changed = new Signal<this, void>(this);

  constructor(asked: ReadonlyPartialJSONObject) {
    this.kept = { ...asked };
  }

  /** What differs from the plain view, by name. */
  get values(): ReadonlyPartialJSONObject {
    return this.kept;
  }

  /** The values with what only the link tells: what the reader has as a setting, and another reader may have not. */
  get link(): ReadonlyPartialJSONObject {
    return { ...this.linked, ...this.kept };
  }

  /** Emitted when a command or a link asks for another view. */
  get askedAnew(): ISignal<this, void> {
    return this.anew;
  }

  /** Emitted when the reader has changed the view. */
  get keptAnew(): ISignal<this, void> {
    return this.changed;
  }

  /** Takes another view over, whole. */
  ask(asked: ReadonlyPartialJSONObject): void {
    this.kept = { ...asked };
    this.anew.emit();
  }

  /** Keeps what the reader changed; undefined stands for the plain one. */
  keep(changes: ReadonlyPartialJSONObject): void {
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) delete this.kept[name];
      else this.kept[name] = value;
    }
    this.changed.emit();
  }

  /** Says what the link tells beside the values. */
  tell(linked: ReadonlyPartialJSONObject): void {
    this.linked = linked;
  }

  dispose(): void {
    Signal.clearData(this);
  }
}
