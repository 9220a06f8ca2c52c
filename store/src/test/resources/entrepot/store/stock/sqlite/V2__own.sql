create table only_here (engine text default 'sqlite');
