-- What was offered to holders of a right of first refusal. Only added to. Times are milliseconds
-- since 1970.
create table capacity_notice (
  tenant text not null,
  id text not null,
  clause text not null,
  seller text not null,
  purchase text not null,
  document text not null,
  offered_millis bigint not null,
  deadline_millis bigint,
  recorded_millis bigint not null,
  recorded_by text not null,
  primary key (tenant, id)
);

create index capacity_notice_clause on capacity_notice (tenant, clause, seller, offered_millis);

-- What they answered: once for each.
create table capacity_answer (
  tenant text not null,
  notice text not null,
  outcome text not null,
  document text not null,
  answered_millis bigint not null,
  recorded_millis bigint not null,
  recorded_by text not null,
  primary key (tenant, notice),
  foreign key (tenant, notice) references capacity_notice (tenant, id)
);
