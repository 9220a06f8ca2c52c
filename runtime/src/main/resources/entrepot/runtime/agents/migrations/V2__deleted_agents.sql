-- A deleted agent's id still works as a place in a list.
create table agent_deleted (
    tenant text not null,
    id text not null,
    deleted_ms bigint not null,
    primary key (tenant, id)
);
