-- What became of the calls that came under an Idempotency-Key.
create table keyed_call (
  tenant text not null,
  key_id text not null,
  operation text not null,
  idempotency_key text not null,
  fingerprint text not null,
  state text not null,
  holder text not null,
  lease_millis bigint not null,
  expires_millis bigint not null,
  reason text,
  status bigint,
  streamed bigint,
  broken bigint,
  headers text,
  body_bytes bigint not null,
  body bytea,
  primary key (tenant, key_id, operation, idempotency_key)
);

create index keyed_call_expiry on keyed_call (expires_millis);
