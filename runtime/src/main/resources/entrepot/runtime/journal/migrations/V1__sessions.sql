-- A session: its fences (head, epoch, inbox_head), its lease (owner, due_ms) and when to wake it.
create table session (
    tenant text not null,
    id text not null,
    agent_id text not null,
    team text not null,
    head bigint not null,
    epoch bigint not null,
    inbox_head bigint not null,
    inbox_seen bigint not null,
    -- A node's incarnation; null when nobody works on it.
    owner text,
    -- When to work on it; null when nothing is due. Kept while it is owned, so that work whose
    -- owner dies keeps its place in the queue.
    wake_ms bigint,
    -- When the owner must have written again.
    due_ms bigint,
    -- Claims since the journal last grew.
    attempts bigint not null,
    summary text not null,
    created_ms bigint not null,
    updated_ms bigint not null,
    primary key (tenant, id)
);
create index session_wake on session (wake_ms) where owner is null and wake_ms is not null;
create index session_owner on session (owner) where owner is not null;
create index session_agent on session (tenant, agent_id, id);

create table session_label (
    tenant text not null,
    session text not null,
    name text not null,
    value text not null,
    primary key (tenant, session, name)
);
create index session_label_value on session_label (tenant, name, value, session);

-- A deleted session's id still works as a place in a list.
create table session_deleted (
    tenant text not null,
    id text not null,
    deleted_ms bigint not null,
    primary key (tenant, id)
);

create table fact (
    tenant text not null,
    session text not null,
    seq bigint not null,
    epoch bigint not null,
    type text not null,
    version bigint not null,
    at_ms bigint not null,
    payload bytea not null,
    primary key (tenant, session, seq)
);

create table inbox (
    tenant text not null,
    session text not null,
    number bigint not null,
    kind text not null,
    dedupe text,
    at_ms bigint not null,
    payload bytea not null,
    primary key (tenant, session, number)
);
create unique index inbox_dedupe on inbox (tenant, session, dedupe);

-- Text of the answer in flight after fact seq.
create table piece (
    tenant text not null,
    session text not null,
    seq bigint not null,
    part bigint not null,
    turn text not null,
    step bigint not null,
    attempt bigint not null,
    item text not null,
    kind text not null,
    at_ms bigint not null,
    body bytea not null,
    primary key (tenant, session, seq, part)
);

create table node (
    id text not null primary key,
    expires_ms bigint not null,
    joined_ms bigint not null
);
