import type { Json, Stamp } from "./column-types.ts";

interface KeptTable {
  id: string;
  project_id: string;
  kind: string;
  name: string;
  content: Json;
  created_by: string | null;
  created_at: Stamp;
  updated_at: Stamp;
}

/** The tables of 0013: kept views, kept templates. */
export interface ViewTables {
  views: KeptTable;
  templates: KeptTable;
}
