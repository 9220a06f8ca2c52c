-- Company data: what was read from sources. These tables are the truth; a node's search index is a
-- view of them. Times are milliseconds since 1970, offsets count characters (code points).
create table source (
  tenant text not null,
  id text not null,
  -- Another one whenever a source was forgotten and set up again.
  incarnation text not null,
  kind text not null,
  -- Of the settings that decide what is read: when it changes, everything is looked at again.
  identity text not null,
  -- What to list changes since.
  listed text,
  -- Counts the changes of its documents, so that views read only what is new to them.
  change_head bigint not null,
  -- Which node reads it now, and until when that holds; each taking has an epoch of its own.
  owner text,
  owned_until_millis bigint not null,
  epoch bigint not null,
  due_millis bigint not null,
  synced_millis bigint,
  progress text not null,
  primary key (tenant, id)
);

create table document (
  tenant text not null,
  source text not null,
  id text not null,
  change bigint not null,
  -- A document that is gone leaves its row, so that views see that it went.
  gone bigint not null,
  stamp text not null,
  revision text not null,
  title text not null,
  uri text not null,
  content_type text not null,
  label text not null,
  access text not null,
  bytes bigint not null,
  passages bigint not null,
  body text not null,
  error text,
  read_millis bigint not null,
  primary key (tenant, source, id)
);

create index document_change on document (tenant, source, change);

create table passage (
  tenant text not null,
  source text not null,
  document text not null,
  ordinal bigint not null,
  from_char bigint not null,
  to_char bigint not null,
  line bigint not null,
  page bigint,
  heading text not null,
  text text not null,
  vector bytea not null,
  primary key (tenant, source, document, ordinal)
);
