-- team is null for an endpoint of the whole tenant. sealed holds the secret; old_sealed one that
-- still signs until old_until_ms.
create table webhook_endpoint (
    tenant text not null,
    id text not null,
    team text,
    name text not null,
    url text not null,
    event_types text not null,
    sealed text not null,
    hint text not null,
    old_sealed text,
    old_until_ms bigint,
    created_ms bigint not null,
    updated_ms bigint not null,
    primary key (tenant, id)
);

-- How far a session's journal has been told of. Who tells more moves head on from what was seen.
create table webhook_seen (
    tenant text not null,
    session text not null,
    head bigint not null,
    state text not null,
    primary key (tenant, session)
);

-- due_ms is when its delivery is to be tried; null when it has ended.
create table webhook_delivery (
    tenant text not null,
    endpoint text not null,
    id text not null,
    type text not null,
    session text not null,
    body text not null,
    status text not null,
    attempts bigint not null,
    due_ms bigint,
    last_status bigint,
    last_error text,
    created_ms bigint not null,
    ended_ms bigint,
    primary key (tenant, endpoint, id)
);
create index webhook_delivery_due on webhook_delivery (due_ms) where due_ms is not null;
create index webhook_delivery_ended on webhook_delivery (ended_ms) where ended_ms is not null;
