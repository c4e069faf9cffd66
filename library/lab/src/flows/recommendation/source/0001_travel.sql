-- A travel application, as small as its recommendations need. Rows may be wrong in the ways in which an application's rows are:
-- nothing but the keys is enforced.
create schema travel;

create table travel.users (
  id bigint primary key,
  email text not null,
  full_name text not null,
  birth_date date,
  region text,
  created_at timestamptz not null
);

-- Eight dimensions in [0, 1]; a row each time they were computed anew.
create table travel.user_vectors (
  user_id bigint not null,
  computed_at timestamptz not null,
  climate real,
  culture real,
  budget real,
  activity real,
  group_size real,
  urban real,
  gastronomy real,
  popularity real,
  primary_segment text,
  primary key (user_id, computed_at)
);

create table travel.travel_onboarding_profiles (
  user_id bigint primary key,
  completed_at timestamptz not null,
  travel_style text,
  preferred_season text
);

create table travel.items (
  id bigint primary key,
  title text not null,
  category text,
  region text,
  created_at timestamptz not null,
  retired_at timestamptz
);

-- The counts are of the day on which the row was computed.
create table travel.item_vectors (
  item_id bigint not null,
  computed_at timestamptz not null,
  climate real,
  culture real,
  budget real,
  activity real,
  group_size real,
  urban real,
  gastronomy real,
  popularity real,
  popularity_score real,
  booking_count integer,
  search_count integer,
  primary key (item_id, computed_at)
);
