-- What later receipts say more (form 2), the postings of double entry, the end of each chain, and
-- sums that are kept as rows are written. Rows of before have no form; their hash stays as it was.
-- Sums are exact: an amount is micros + attos / 10^18 + rest, where rest is decimal text, mostly null.
alter table receipt add column form bigint;
alter table receipt add column channel text;
alter table receipt add column region text;
alter table receipt add column api text;
alter table receipt add column project text;
alter table receipt add column charge text;
alter table receipt add column charge_currency text;
alter table receipt add column charge_rule text;
alter table receipt add column pricing text;
alter table receipt add column clauses text;
alter table receipt add column kind text;
alter table receipt add column about text;
alter table receipt add column about_millis bigint;
alter table receipt add column postings bigint;

create index receipt_about on receipt (tenant, about) where about is not null;

create table posting (
    chain    text   not null,
    sequence bigint not null,
    number   bigint not null,
    tenant   text   not null,
    account  text   not null,
    party    text   not null,
    amount   text   not null,
    currency text   not null,
    rule     text,
    crc      bigint not null,
    primary key (chain, sequence, number)
) without rowid;

-- How far each chain is written and added up, and the hash of its last row.
create table ledger_chain (
    chain    text   not null primary key,
    sequence bigint not null,
    hash     text   not null
);

-- Nothing of what was written before is in the sums yet: the next start adds it.
insert into ledger_chain (chain, sequence, hash) select distinct chain, 0, '' from receipt;

create table ledger_rollup (
    tenant          text   not null,
    grain           text   not null,
    bucket_millis   bigint not null,
    team            text   not null,
    project         text   not null,
    model           text   not null,
    supplier        text   not null,
    channel         text   not null,
    region          text   not null,
    api             text   not null,
    outcome         text   not null,
    cost_currency   text   not null,
    charge_currency text   not null,
    chain           text   not null,
    requests        bigint not null,
    unpriced        bigint not null,
    estimated       bigint not null,
    fresh_input     bigint not null,
    cache_read      bigint not null,
    cache_write_5m  bigint not null,
    cache_write_1h  bigint not null,
    audio_input     bigint not null,
    image_input     bigint not null,
    output          bigint not null,
    reasoning       bigint not null,
    audio_output    bigint not null,
    image_output    bigint not null,
    counted_requests bigint not null,
    images          bigint not null,
    cost_micros     bigint not null,
    cost_attos      bigint not null,
    cost_rest       text,
    charge_micros   bigint not null,
    charge_attos    bigint not null,
    charge_rest     text,
    primary key (tenant, grain, bucket_millis, team, project, model, supplier, channel, region,
        api, outcome, cost_currency, charge_currency, chain)
) without rowid;

create index ledger_rollup_rest on ledger_rollup (tenant, grain, bucket_millis)
    where cost_rest is not null or charge_rest is not null;

create index ledger_rollup_chain on ledger_rollup (chain);

create table ledger_balance (
    tenant       text   not null,
    month_millis bigint not null,
    account      text   not null,
    party        text   not null,
    currency     text   not null,
    chain        text   not null,
    micros       bigint not null,
    attos        bigint not null,
    rest         text,
    primary key (tenant, month_millis, account, party, currency, chain)
) without rowid;

create trigger posting_never_changes before update on posting
begin
    select raise(abort, 'a posting is never changed');
end;

create trigger posting_never_goes before delete on posting
begin
    select raise(abort, 'a posting is never deleted');
end;
