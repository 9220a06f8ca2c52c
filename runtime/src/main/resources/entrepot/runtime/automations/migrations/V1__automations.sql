-- next_ms is when it falls due; null when it is paused or done. Who fires an occurrence changes
-- next_ms from what was seen, so that one node does.
create table automation (
    tenant text not null,
    id text not null,
    team text not null,
    principal text not null,
    key_id text not null,
    name text not null,
    metadata text not null,
    schedule text not null,
    target text not null,
    target_session text,
    creator_session text,
    creator_call text,
    status text not null,
    next_ms bigint,
    created_ms bigint not null,
    primary key (tenant, id)
);
create index automation_next on automation (next_ms) where next_ms is not null;

-- due_ms is when its delivery is to be tried; null when it has ended. Who tries moves it on, so
-- that a delivery whose node died is tried again. prepared is the target as the first try saw it.
create table automation_invocation (
    tenant text not null,
    automation text not null,
    id text not null,
    status text not null,
    snapshot text,
    scheduled_ms bigint,
    prepared text,
    session text,
    error_code text,
    error_message text,
    attempts bigint not null,
    due_ms bigint,
    created_ms bigint not null,
    primary key (tenant, automation, id)
);
create unique index automation_occurrence
    on automation_invocation (tenant, automation, scheduled_ms);
create index automation_invocation_due on automation_invocation (due_ms) where due_ms is not null;
