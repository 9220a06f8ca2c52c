-- From form 3 on a row holds its own postings: a JSON array with account, party, amount, currency and
-- the rule, if any, of each. Rows before have theirs in the table posting; the view shows all.
alter table receipt add column entries text;

create view posting_of_all as
    select r.chain, r.sequence, e.number - 1 as number, r.tenant,
        e.value ->> 0 as account, e.value ->> 1 as party, e.value ->> 2 as amount,
        e.value ->> 3 as currency, e.value ->> 4 as rule
    from receipt r
        cross join lateral jsonb_array_elements(r.entries::jsonb) with ordinality e(value, number)
    where r.entries is not null
    union all
    select chain, sequence, number, tenant, account, party, amount, currency, rule from posting;
