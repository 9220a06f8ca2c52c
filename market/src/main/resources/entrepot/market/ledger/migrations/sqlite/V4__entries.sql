-- From form 3 on a row holds its own postings: a JSON array with account, party, amount, currency and
-- the rule, if any, of each. Rows before have theirs in the table posting; the view shows all.
alter table receipt add column entries text;

create view posting_of_all as
    select r.chain, r.sequence, e.key as number, r.tenant,
        json_extract(e.value, '$[0]') as account, json_extract(e.value, '$[1]') as party,
        json_extract(e.value, '$[2]') as amount, json_extract(e.value, '$[3]') as currency,
        json_extract(e.value, '$[4]') as rule
    from receipt r, json_each(r.entries) e where r.entries is not null
    union all
    select chain, sequence, number, tenant, account, party, amount, currency, rule from posting;
