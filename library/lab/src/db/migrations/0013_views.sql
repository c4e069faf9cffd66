-- What people keep of the panels: views, how a panel shows things (columns, order, filter), and templates, filled-in forms.

create table views (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  -- the panel that it is of
  kind text not null,
  name text not null,
  content jsonb not null,
  created_by uuid references users on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (project_id, kind, name)
);

create table templates (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  -- the form that it fills in
  kind text not null,
  name text not null,
  content jsonb not null,
  created_by uuid references users on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (project_id, kind, name)
);
