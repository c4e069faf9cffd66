-- What happens in the application.
create table travel.search_history (
  id bigint primary key,
  user_id bigint not null,
  searched_at timestamptz not null,
  region text,
  departure_on date,
  passengers integer,
  nights integer
);
create index search_history_at on travel.search_history (searched_at);

create table travel.recommendations (
  id bigint primary key,
  user_id bigint not null,
  item_id bigint not null,
  search_id bigint,
  position integer,
  shown_at timestamptz not null,
  viewed_at timestamptz,
  clicked_at timestamptz,
  booked_at timestamptz,
  rejected_at timestamptz
);
create index recommendations_at on travel.recommendations (shown_at);

create table travel.booking_data (
  id bigint primary key,
  user_id bigint not null,
  item_id bigint not null,
  recommendation_id bigint,
  booked_at timestamptz not null,
  passengers integer,
  price numeric(10, 2)
);
create index booking_data_at on travel.booking_data (booked_at);
