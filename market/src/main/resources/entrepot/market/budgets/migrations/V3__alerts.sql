-- What was told of limits. Ids are in the order of time; amounts exact decimals in text.
create table limit_alert (
  tenant text not null,
  id text not null,
  at_millis bigint not null,
  limit_id text not null,
  kind text not null,
  percent bigint,
  order_id text,
  amount text not null,
  held text,
  words text not null,
  primary key (tenant, id)
);
