-- memories and bytes are sums over the store's memories; each change of the store's content
-- begins with an update of this row, so that changes of one store come one after another.
create table memory_store (
    tenant text not null,
    id text not null,
    team text not null,
    name text not null,
    description text not null,
    metadata text not null,
    memories bigint not null,
    bytes bigint not null,
    versions bigint not null,
    created_ms bigint not null,
    updated_ms bigint not null,
    archived_ms bigint,
    primary key (tenant, id)
);

create table memory (
    tenant text not null,
    store text not null,
    id text not null,
    path text not null,
    content text not null,
    sha256 text not null,
    bytes bigint not null,
    version text not null,
    created_ms bigint not null,
    updated_ms bigint not null,
    primary key (tenant, store, id)
);
create unique index memory_path on memory (tenant, store, path);

-- call_key makes a change that is asked for twice one change. A redacted version has neither
-- content nor path; digest and author stay.
create table memory_version (
    tenant text not null,
    store text not null,
    id text not null,
    memory text not null,
    operation text not null,
    path text,
    content text,
    sha256 text,
    bytes bigint,
    principal text not null,
    key_id text,
    session text,
    turn text,
    call text,
    call_key text,
    at_ms bigint not null,
    redacted_ms bigint,
    redacted_by text,
    redacted_key text,
    primary key (tenant, store, id)
);
create unique index memory_version_call on memory_version (tenant, store, call_key);
create index memory_version_memory on memory_version (tenant, store, memory, id);
