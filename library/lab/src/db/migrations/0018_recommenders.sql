-- Recommenders that were trained, their vectors, and what people made of what they were shown.
create table recommenders (
  id uuid primary key,
  project_id uuid not null references projects on delete cascade,
  run_id uuid references runs on delete set null,
  algorithm text not null,
  -- name@version of the training rows
  dataset text not null,
  -- the model's and its items' names in the store
  file text not null,
  items_file text not null,
  content_hash text not null,
  size_bytes bigint not null,
  user_count integer not null,
  item_count integer not null,
  -- "model.measure@k" to {value, low, high}
  measures jsonb not null default '{}',
  created_by uuid references users on delete set null,
  created_at timestamptz not null default now()
);
create index recommenders_newest on recommenders (project_id, id desc);

-- Vectors whose product is the score; users by their keyed hash.
create table embeddings (
  recommender_id uuid not null references recommenders on delete cascade,
  project_id uuid not null references projects on delete cascade,
  kind text not null check (kind in ('user', 'item')),
  entity text not null,
  vector real[] not null,
  primary key (recommender_id, kind, entity)
);

create table recommendation_feedback (
  id bigint generated always as identity primary key,
  project_id uuid not null references projects on delete cascade,
  -- HMAC of the user's id
  user_key text not null,
  item_id text not null,
  action text not null check (action in ('viewed', 'clicked', 'booked', 'rejected')),
  recommender_id uuid references recommenders on delete set null,
  at timestamptz not null default now()
);
create index recommendation_feedback_user on recommendation_feedback (project_id, user_key, id desc);

select net_tables();
