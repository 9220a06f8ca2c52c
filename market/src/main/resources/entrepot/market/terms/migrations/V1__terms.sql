-- Which version of which agreement a tenant accepted. Only added to. Times are milliseconds since 1970.
create table terms_acceptance (
  tenant text not null,
  terms text not null,
  version text not null,
  accepted_millis bigint not null,
  principal text not null,
  key_id text not null,
  primary key (tenant, terms, version)
);

-- Which models the holder may use: a principal, a team, or (holder '') the whole tenant. Rows are
-- ended, never changed otherwise.
create table entitlement (
  id text not null primary key,
  tenant text not null,
  holder_kind text not null,
  holder text not null,
  models text not null,
  granted_millis bigint not null,
  granted_by text not null,
  revoked_millis bigint,
  revoked_by text
);

create index entitlement_tenant on entitlement (tenant, id);

-- Counts changes, so that other nodes see with one row whether to read again.
create table terms_change (
  feature text not null primary key,
  count bigint not null
);

insert into terms_change (feature, count) values ('acceptances', 0);
insert into terms_change (feature, count) values ('entitlements', 0);
