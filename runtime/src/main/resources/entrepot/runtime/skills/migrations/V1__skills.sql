-- Skills that a session brought along are not listed.
create table skill (
    tenant text not null,
    id text not null,
    team text not null,
    inline_digest text,
    default_version bigint not null,
    latest_version bigint not null,
    -- A number is given once, whatever is deleted.
    next_version bigint not null,
    created_ms bigint not null,
    primary key (tenant, id)
);
create unique index skill_inline on skill (tenant, team, inline_digest);

create table skill_version (
    tenant text not null,
    skill text not null,
    version bigint not null,
    id text not null,
    name text not null,
    description text not null,
    bundle bytea not null,
    created_ms bigint not null,
    primary key (tenant, skill, version)
);
