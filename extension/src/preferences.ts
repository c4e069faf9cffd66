import type { ISettingRegistry } from "@jupyterlab/settingregistry";
import { type ISignal, Signal } from "@lumino/signaling";

/** The user's settings, as schema/plugin.json describes them. */
export interface PreferenceValues {
  decimals: number;
  columns: string[];
  testSize: number;
  seed: number;
  sidebarAtStart: boolean;
  notifications: boolean;
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
  testSize: 0.2,
  seed: 42,
  sidebarAtStart: false,
  notifications: true,
};

/** Settings that follow the settings editor; where the registry is away, the defaults. */
export class Preferences {
  private settings: ISettingRegistry.ISettings | null = null;
  private readonly signal = new Signal<this, void>(this);
  private kept: Partial<PreferenceValues> = {};

  get changed(): ISignal<this, void> {
    return this.signal;
  }

  get values(): PreferenceValues {
    return { ...defaults, ...(this.settings?.composite as Partial<PreferenceValues> | undefined), ...this.kept };
  }

  /** Follows the registry from now on. */
  async attach(registry: ISettingRegistry, plugin: string): Promise<void> {
    this.settings = await registry.load(plugin);
    this.settings.changed.connect(() => {
      this.kept = {};
      this.signal.emit();
    });
    this.signal.emit();
  }

  /** Changes one setting, for good where there is a registry. */
  set<K extends keyof PreferenceValues>(key: K, value: PreferenceValues[K]): void {
    this.kept = { ...this.kept, [key]: value };
    this.signal.emit();
    this.settings?.set(key, value as never).catch((error) => console.warn(`assay: the setting ${key} was not kept`, error));
  }
}
