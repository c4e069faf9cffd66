import type { ColumnType, Generated } from "kysely";
import type { Big, DefaultJson, Stamp } from "./column-types.ts";

type Instant = ColumnType<Date | null, Date | null | undefined, Date | null>;

/** The tables of people and projects (0001, 0002, 0009). */
export interface PeopleTables {
  users: {
    id: string;
    username: string;
    email: string | null;
    full_name: string | null;
    avatar: string | null;
    password_hash: string | null;
    active: Generated<boolean>;
    admin: Generated<boolean>;
    created_at: Stamp;
    signs_in_by: Generated<"password" | "machine" | "jupyterhub">;
    default_project_id: string | null;
    password_changed_at: Instant;
    seen_at: Instant;
  };
  sessions: {
    id: string;
    user_id: string;
    secret_hash: Buffer;
    former_hash: Buffer | null;
    rotated_at: Stamp;
    address: string | null;
    program: string | null;
    created_at: Stamp;
    seen_at: Stamp;
    expires_at: ColumnType<Date, Date, Date>;
  };
  api_tokens: {
    id: string;
    user_id: string;
    project_id: string | null;
    name: string;
    secret_hash: Buffer;
    hint: string;
    scopes: ("read" | "write" | "admin")[];
    created_at: Stamp;
    expires_at: Instant;
    used_at: Instant;
    revoked_at: Instant;
  };
  invitations: {
    secret_hash: Buffer;
    user_id: string;
    created_by: string | null;
    created_at: Stamp;
    expires_at: ColumnType<Date, Date, Date>;
  };
  sign_in_failures: { subject: string; failures: number; last_at: Stamp; locked_until: Stamp };
  people_settings: { single: Generated<boolean>; registration: Generated<"open" | "closed"> };
  projects: {
    id: string;
    owner_id: string;
    name: string;
    description: Generated<string>;
    status: Generated<"active" | "archived">;
    public: Generated<boolean>;
    metadata: DefaultJson<Record<string, unknown>>;
    quota_bytes: Big | null;
    created_at: Stamp;
  };
  project_members: { project_id: string; user_id: string; role: "owner" | "editor" | "viewer" };
  activity_log: {
    id: ColumnType<string, never, never>;
    project_id: string | null;
    user_id: string | null;
    action: string;
    subject: string;
    detail: DefaultJson<Record<string, unknown>>;
    at: Stamp;
  };
}
