-- The receipts of a period are read page by page in the order in which their attempts began.
create index receipt_by_time on receipt (tenant, started_millis, id) where about is null;
