-- Where the commands of sessions run. shown is what readers may see; sealed holds all of it, with
-- variables, setup commands and the bodies of files, and opens with a key that is not here.
create table environment (
    tenant text not null,
    id text not null,
    team text not null,
    -- Null until a session takes it; empty while one is being made.
    session text,
    shown text not null,
    sealed text not null,
    status text not null,
    error_code text,
    error_message text,
    resets bigint not null,
    created_ms bigint not null,
    used_ms bigint not null,
    primary key (tenant, id)
);
create index environment_used on environment (used_ms) where status <> 'EXPIRED';

create table environment_template (
    tenant text not null,
    id text not null,
    team text not null,
    name text,
    sealed text not null,
    created_ms bigint not null,
    updated_ms bigint not null,
    primary key (tenant, id)
);
