-- People: sign-in, tokens, invitations, what they did; and a net of row-level security under every project's rows.

alter table users
  -- how the person is known: by a password here, as a user of this machine, or by a JupyterHub
  add column signs_in_by text not null default 'password' check (signs_in_by in ('password', 'machine', 'jupyterhub')),
  add column default_project_id uuid references projects on delete set null,
  add column password_changed_at timestamptz,
  add column seen_at timestamptz;
update users set signs_in_by = 'machine';

-- Names are hashes: whoever reads this table cannot sign in with it.
create table sessions (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  secret_hash bytea not null unique,
  -- the name before the last rotation, good for the requests that were under way
  former_hash bytea unique,
  rotated_at timestamptz not null default now(),
  address text,
  program text,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index sessions_user on sessions (user_id);

create table api_tokens (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  -- reaches this project alone
  project_id uuid references projects on delete cascade,
  name text not null,
  secret_hash bytea not null unique,
  -- the first signs, by which a person knows it again
  hint text not null,
  scopes text[] not null check (cardinality(scopes) > 0 and scopes <@ array['read', 'write', 'admin']),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  used_at timestamptz,
  revoked_at timestamptz
);
create index api_tokens_user on api_tokens (user_id);

-- One-time codes by which a person sets a password: an invitation, or a lost password.
create table invitations (
  secret_hash bytea primary key,
  user_id uuid not null references users on delete cascade,
  created_by uuid references users on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

-- Failed sign-ins of an account or an address since the last good one; names stand as hashes, known or not.
create table sign_in_failures (
  subject text primary key,
  failures integer not null,
  last_at timestamptz not null default now(),
  locked_until timestamptz not null default '-infinity'
);

create table people_settings (
  single boolean primary key default true check (single),
  registration text not null default 'closed' check (registration in ('open', 'closed'))
);
insert into people_settings default values;

-- Signing in happens in no project.
alter table activity_log alter column project_id drop not null;
create index activity_log_user on activity_log (user_id, id);

-- Whoever keeps a decision in memory forgets it when people, memberships, tokens or sessions change.
create function tell_people() returns trigger language plpgsql as $$
begin
  perform pg_notify('assay', '{"project":"people","subject":"people"}');
  return null;
end $$;
create trigger users_told after update of active, admin, default_project_id or delete on users
  for each statement execute function tell_people();
create trigger sessions_told after update of secret_hash or delete on sessions for each statement execute function tell_people();
create trigger api_tokens_told after update of revoked_at or delete on api_tokens for each statement execute function tell_people();
create trigger projects_told after update of owner_id, public, status or delete on projects
  for each statement execute function tell_people();
create trigger project_members_told after insert or update or delete on project_members
  for each statement execute function tell_people();

-- The project whose rows a connection sees and writes; null on a connection that is trusted with all.
create function netted_project() returns uuid language sql stable parallel safe as $$
  select nullif(current_setting('assay.project', true), '')::uuid
$$;

-- The service's connections take this role: a superuser passes every policy. Where it cannot be made, the owner is held by the policies.
do $$
begin
  if not exists (select from pg_roles where rolname = 'assay_service') then
    create role assay_service nologin noinherit;
  end if;
exception when duplicate_object or unique_violation or insufficient_privilege then null;
end $$;
do $$
begin
  if exists (select from pg_roles where rolname = 'assay_service')
    and not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant assay_service to %I', current_user);
  end if;
exception when insufficient_privilege or invalid_grant_operation then null;
end $$;

-- Puts the net under every table that says its project, and under their children; run after each migration, so that a new table has it.
create function net_tables() returns void language plpgsql as $$
declare
  one record;
begin
  for one in
    select c.table_name as name, 'project_id = (select netted_project())' as own
      from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and c.column_name = 'project_id' and t.table_type = 'BASE TABLE'
        and c.table_name <> 'api_tokens'
    union all select 'projects', 'id = (select netted_project())'
    -- the parent's policy decides
    union all select child, format('exists (select from %I parent where parent.id = %I.%I)', parent, child, link)
      from (values ('run_metrics', 'run_id', 'runs'), ('run_logs', 'run_id', 'runs'), ('run_stretches', 'run_id', 'runs'),
        ('run_batches', 'run_id', 'runs'), ('job_logs', 'job_id', 'jobs'), ('trials', 'study_id', 'studies'),
        ('trial_reports', 'study_id', 'studies'), ('ab_shadows', 'ab_test_id', 'ab_tests')) as t (child, link, parent)
  loop
    execute format('alter table %I enable row level security', one.name);
    execute format('alter table %I force row level security', one.name);
    execute format('drop policy if exists project_net on %I', one.name);
    execute format('create policy project_net on %I using ((select netted_project()) is null or %s)', one.name, one.own);
  end loop;
  if exists (select from pg_roles where rolname = 'assay_service') then
    grant usage on schema public to assay_service;
    grant select, insert, update, delete on all tables in schema public to assay_service;
    grant usage, select, update on all sequences in schema public to assay_service;
    revoke all on users, sessions, api_tokens, invitations, sign_in_failures, people_settings from assay_service;
    grant select (id, username, full_name, avatar, active, admin, created_at) on users to assay_service;
  end if;
end $$;
select net_tables();
