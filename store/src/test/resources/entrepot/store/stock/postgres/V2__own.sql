create table only_here (engine varchar(20) default 'postgres');
