-- Whether another node is short of what this one has free, and asks for it back.
alter table limit_share add column recalled bigint not null default 0;
