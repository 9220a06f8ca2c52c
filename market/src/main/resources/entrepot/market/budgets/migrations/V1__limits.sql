-- What may be used, and what was. Times are milliseconds since 1970, amounts exact decimals in text.
create table usage_limit (
  tenant text not null,
  id text not null,
  name text not null,
  scope text not null,
  scope_id text not null,
  measure text not null,
  currency text,
  amount text not null,
  period text not null,
  zone text not null,
  hard bigint not null,
  alerts text not null,
  hold_if_unknown text,
  created_millis bigint not null,
  updated_millis bigint not null,
  ended_millis bigint,
  primary key (tenant, id)
);

-- Counts changes of limits, so that nodes see with one row whether to read them again.
create table limit_change (
  one bigint not null primary key,
  count bigint not null
);

insert into limit_change (one, count) values (1, 0);

-- The truth of one limit in one period: what was settled. Whoever changes it or takes a share
-- raises its version first, which locks the row.
create table limit_count (
  tenant text not null,
  limit_id text not null,
  start_millis bigint not null,
  end_millis bigint not null,
  version bigint not null,
  settled text not null,
  alerted_percent bigint not null,
  primary key (tenant, limit_id, start_millis)
);

-- A node that takes shares, for as long as its tenure lasts. The number of its last batch tells
-- whether a batch whose answer was lost was written.
create table limit_node (
  node text not null primary key,
  name text not null,
  batch bigint not null,
  tenure_ends_millis bigint not null,
  ended_millis bigint
);

-- What a node has taken of a limit's remainder: free, held by its orders, or used and not settled.
create table limit_share (
  tenant text not null,
  limit_id text not null,
  start_millis bigint not null,
  node text not null,
  amount text not null,
  held text not null,
  primary key (tenant, limit_id, start_millis, node)
);

create index limit_share_node on limit_share (node);
