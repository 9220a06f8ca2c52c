create table agent (
    tenant text not null,
    id text not null,
    snapshot text not null,
    metadata text not null,
    created_ms bigint not null,
    updated_ms bigint not null,
    primary key (tenant, id)
);

-- What a request with an idempotency key did.
create table idempotency (
    tenant text not null,
    scope text not null,
    key text not null,
    body_hash text not null,
    result text not null,
    at_ms bigint not null,
    primary key (tenant, scope, key)
);
create index idempotency_age on idempotency (at_ms);
