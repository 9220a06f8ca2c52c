-- Who there is. Times are milliseconds since 1970.
create table tenant (
  id text not null primary key,
  created_millis bigint not null
);

create table team (
  tenant text not null references tenant (id),
  id text not null,
  created_millis bigint not null,
  primary key (tenant, id)
);

create table principal (
  tenant text not null references tenant (id),
  id text not null,
  created_millis bigint not null,
  primary key (tenant, id)
);

-- The secret itself is nowhere: only its SHA-256, and enough of its start to recognise it by.
create table api_key (
  id text not null primary key,
  tenant text not null,
  team text not null,
  principal text not null,
  name text not null,
  prefix text not null,
  hash bytea not null unique,
  scopes text not null,
  guessable bigint not null,
  created_millis bigint not null,
  expires_millis bigint,
  revoked_millis bigint,
  used_millis bigint,
  foreign key (tenant, team) references team (tenant, id),
  foreign key (tenant, principal) references principal (tenant, id)
);

create index api_key_tenant on api_key (tenant, id);

-- Counts changes of keys, so that other nodes see with one row whether to read them again.
create table api_key_change (
  one bigint not null primary key,
  count bigint not null
);

insert into api_key_change (one, count) values (1, 0);

-- Has its row once the first tenant was made, by whichever node came first.
create table first_start (
  one bigint not null primary key,
  done_millis bigint not null
);

-- Append-only. Each hash covers the entry and the hash before it.
create table audit (
  tenant text not null,
  seq bigint not null,
  at_millis bigint not null,
  principal text not null,
  act text not null,
  hash bytea not null,
  primary key (tenant, seq)
);

create table audit_detail (
  tenant text not null,
  seq bigint not null,
  name text not null,
  value text not null,
  primary key (tenant, seq, name)
);

-- The end of each tenant's chain: a chain cut short does not reach it.
create table audit_head (
  tenant text not null primary key,
  seq bigint not null,
  hash bytea not null
);
