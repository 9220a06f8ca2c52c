-- A response that is kept. Expired rows are out of sight; they go when nothing builds on them.
-- Whoever works on one holds its lease; each end of the work raises the epoch.
create table response (
    tenant text not null,
    id text not null,
    status text not null,
    background bigint not null,
    previous text,
    conversation text,
    conversation_end bigint not null,
    team text not null,
    principal text not null,
    key_id text not null,
    request text not null,
    body text not null,
    created_ms bigint not null,
    expires_ms bigint not null,
    epoch bigint not null,
    lease_ms bigint,
    primary key (tenant, id)
);
create index response_previous on response (tenant, previous);
create index response_expiry on response (expires_ms);
create index response_lease on response (lease_ms) where lease_ms is not null;

-- What went in and what came out, in order.
create table response_item (
    tenant text not null,
    response text not null,
    place bigint not null,
    output bigint not null,
    id text not null,
    item text not null,
    primary key (tenant, response, place)
);
create index response_item_id on response_item (tenant, id);

-- Events as they were told, a line each.
create table response_event (
    tenant text not null,
    response text not null,
    first_number bigint not null,
    last_number bigint not null,
    events text not null,
    primary key (tenant, response, first_number)
);

create table conversation (
    tenant text not null,
    id text not null,
    metadata text not null,
    created_ms bigint not null,
    expires_ms bigint not null,
    next_place bigint not null,
    primary key (tenant, id)
);
create index conversation_expiry on conversation (expires_ms);

create table conversation_item (
    tenant text not null,
    conversation text not null,
    place bigint not null,
    id text not null,
    item text not null,
    primary key (tenant, conversation, place)
);
create index conversation_item_id on conversation_item (tenant, id);
