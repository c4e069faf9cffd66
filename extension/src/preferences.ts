import type { ISettingRegistry } from "@jupyterlab/settingregistry";
import type { TranslationBundle } from "@jupyterlab/translation";
import { type ISignal, Signal } from "@lumino/signaling";
import { served } from "./words";

/** Who lifts: what the workout flow asks of a person. What is not said is left out. */
export interface Lifter {
  level?: "beginner" | "intermediate" | "advanced";
  goals?: "strength" | "hypertrophy" | "endurance" | "weight_loss";
  /** What forecasts are told in; default: what the log is in. */
  unit?: "kg" | "lb";
  bodyWeight?: number;
  /** Smallest step of weights. */
  step?: number;
  /** Weight of the bar. */
  bar?: number;
  /** What the three before are said in. */
  weighedIn?: "kg" | "lb";
}

/** The user's settings, as schema/plugin.json describes them. */
interface PreferenceValues {
  decimals: number;
  columns: string[];
  /** Columns of Experiments that stay at the left. */
  pinnedColumns: string[];
  testSize: number;
  seed: number;
  sidebarAtStart: boolean;
  notifications: boolean;
  /** Seconds that a job takes at least whose good end is told. */
  notifyAfter: number;
  lifter: Lifter;
  /** Address of a service elsewhere; empty for the Jupyter server's own. */
  url: string;
  /** Token of the service elsewhere. */
  token: string;
}

const defaults: PreferenceValues = {
  decimals: 4,
  columns: [
    "status",
    "name",
    "algorithm",
    "metrics.test.accuracy",
    "metrics.test.r2",
    "experiment",
    "dataset",
    "created_at",
    "duration",
  ],
  pinnedColumns: ["status", "name"],
  testSize: 0.2,
  seed: 42,
  sidebarAtStart: false,
  notifications: true,
  notifyAfter: 10,
  lifter: {},
  url: "",
  token: "",
};

/** Settings that follow the settings editor; where the registry is away, the defaults. */
export class Preferences {
  private settings: ISettingRegistry.ISettings | null = null;
  private trans: TranslationBundle | null = null;
  private readonly signal = new Signal<this, void>(this);
  private kept: Partial<PreferenceValues> = {};

  get changed(): ISignal<this, void> {
    return this.signal;
  }

  get values(): PreferenceValues {
    return { ...defaults, ...(this.settings?.composite as Partial<PreferenceValues> | undefined), ...this.kept };
  }

  /** Follows the registry from now on. */
  async attach(registry: ISettingRegistry, plugin: string, trans: TranslationBundle): Promise<void> {
    this.settings = await registry.load(plugin);
    this.trans = trans;
    this.translate();
    this.settings.changed.connect(this.follow);
    this.signal.emit();
  }

  dispose(): void {
    this.settings?.changed.disconnect(this.follow);
    Signal.clearData(this);
  }

  private readonly follow = (): void => {
    this.kept = {};
    this.translate(); // what was saved brings the schema anew
    this.signal.emit();
  };

  /** Puts the schema's titles, as the settings editor shows them, into the reader's language: JupyterLab's server knows only its language packs. */
  private translate(): void {
    if (this.settings && this.trans) Object.assign(this.settings.schema, served(this.trans, this.settings.schema));
  }

  /** Changes one setting, for good where there is a registry. */
  set<K extends keyof PreferenceValues>(key: K, value: PreferenceValues[K]): void {
    this.kept = { ...this.kept, [key]: value };
    this.signal.emit();
    this.settings?.set(key, value as never).catch((error) => console.warn(`assay: the setting ${key} was not kept`, error));
  }
}
