-- Which groups of a tenant a principal was put into. A group is there as long as it has a member.
create table group_member (
  tenant text not null,
  group_name text not null,
  principal text not null,
  added_millis bigint not null,
  primary key (tenant, group_name, principal)
);

create index group_member_principal on group_member (tenant, principal);
