create table vault (
    tenant text not null,
    id text not null,
    team text not null,
    name text,
    metadata text not null,
    created_ms bigint not null,
    primary key (tenant, id)
);

-- auth says what it is for; sealed holds the secrets, and opens with a key that is not here.
-- version grows with each change of the secrets; a node that gets a new token has the row
-- to itself until refreshing_ms.
create table vault_credential (
    tenant text not null,
    vault text not null,
    id text not null,
    name text not null,
    metadata text not null,
    auth text not null,
    sealed text not null,
    version bigint not null,
    refreshing_ms bigint not null,
    created_ms bigint not null,
    updated_ms bigint not null,
    primary key (tenant, vault, id)
);
