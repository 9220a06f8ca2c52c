-- One row per attempt, chained by hash within each writer's chain. Times are milliseconds since
-- 1970, amounts are exact decimals in text, usage and verdicts are JSON.
create table receipt (
    chain              text   not null,
    sequence           bigint not null,
    hash               text   not null,
    id                 text   not null,
    tenant             text   not null,
    team               text   not null,
    principal          text   not null,
    key_id             text   not null,
    order_id           text   not null,
    attempt            bigint not null,
    storefront         text   not null,
    model_asked        text   not null,
    model              text   not null,
    supplier           text   not null,
    outcome            text   not null,
    usage              text   not null,
    estimated          bigint not null,
    cost               text,
    currency           text,
    started_millis     bigint not null,
    ended_millis       bigint not null,
    first_event_millis bigint,
    session_id         text,
    turn_id            text,
    verdicts           text   not null,
    detail             text,
    primary key (chain, sequence),
    unique (tenant, id)
);

create index receipt_of_session on receipt (tenant, session_id, id) where session_id is not null;

create trigger receipt_never_changes before update on receipt
begin
    select raise(abort, 'a receipt is never changed');
end;

create trigger receipt_never_goes before delete on receipt
begin
    select raise(abort, 'a receipt is never deleted');
end;
