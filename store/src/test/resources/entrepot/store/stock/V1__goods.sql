-- What the tests keep; two statements in one script.
create table goods (name text not null primary key, amount bigint not null, note text, picture bytea);
create table log (n bigint not null primary key, writer bigint not null, amount bigint not null);
