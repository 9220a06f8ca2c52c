-- Subagents: the session that made a session, the one at the top of its tree, and since when it
-- takes no more input from its coordinator.
alter table session add column parent text;
alter table session add column root text;
alter table session add column closed_ms bigint;
create index session_root on session (tenant, root, id) where root is not null;
