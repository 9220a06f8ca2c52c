alter table session set (fillfactor = 80);
alter table fact set (toast_tuple_target = 8160);
