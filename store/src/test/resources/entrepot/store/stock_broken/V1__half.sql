create table half (n bigint);
create table half_again (n bigint, this is not sql);
