-- How many of a session's calls wait for approval; what they are is in its summary.
alter table session add column approvals bigint not null default 0;
create index session_approvals on session (tenant, id) where approvals > 0;
