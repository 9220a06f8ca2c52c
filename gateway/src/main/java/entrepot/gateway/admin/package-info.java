/**
 * The admin API under {@code /admin/v1}, for keys with the {@code admin} scope: what the command
 * line and scripts use. Everything is of the caller's tenant, but the node's health, catalogue and
 * folders, which all tenants share.
 *
 * <p>Lists are {@code {object: "list", data: […]}}; times are Unix seconds; amounts are decimal
 * text; errors are OpenAI's.
 *
 * <pre>
 *   GET    /keys            key*: {id, name, prefix, team, principal, scopes[], created_at,
 *                           expires_at|null, revoked_at|null, last_used_at|null}
 *   POST   /keys            {name, team?, principal?, scopes[], expires_at?|null}
 *                           201: a key with {secret}, this once
 *   DELETE /keys/{id}       {id, revoked: true}
 *   GET    /folders         folder*: {name, path}
 *   POST   /folders         {name, path} 201: a folder; until the node's restart
 *   GET    /receipts        receipt*, newest first: ?limit= (1–1000, default 100), or those of one
 *                           session, oldest first: ?session=
 *                           {id, order_id, attempt, storefront, model_asked, model, supplier,
 *                           outcome, usage{meter: tokens}, estimated, cost|null{amount, currency},
 *                           charge|null{amount, currency}, pricing|null, channel|null,
 *                           region|null, api|null, project|null, clauses[],
 *                           started_at_ms, ended_at_ms, first_event_ms|null, session_id|null,
 *                           turn_id|null, team, principal, key_id,
 *                           verdicts[{gate, passed, reason, source|null,
 *                           remedy|null}], detail|null}
 *   GET    /catalogue       {file, version, price_book, since,
 *                           problems[{file, line, column, path, message}]}
 *   GET    /prices          what offers cost: {@link entrepot.gateway.admin.PricesApi}
 *   GET    /terms           terms*, those in force: {id, version, title, url|null, source,
 *                           models[], accepted_at|null, accepted_by|null}
 *   GET    /terms/{id}      {id, in_force: terms*, accepted: acceptance*}
 *   POST   /terms           {id, version} 201: an acceptance: {id, version, accepted_at,
 *                           accepted_by, key_id}
 *   GET    /entitlements    entitlement*, with {default: allow|deny}: {id, models, team|null,
 *                           principal|null, everyone, granted_at, granted_by}
 *   POST   /entitlements    {models, one of team, principal, everyone: true} 201: an entitlement
 *   DELETE /entitlements/{id}  {id, revoked: true}
 *   GET    /policies        policy*, with {folder, version, since, default_deny{refused,
 *                           would_refuse}, problems[]}: {id, effect, mode, file, line,
 *                           remedy|null, refused, would_refuse}
 *   GET    /health          {status: ok|degraded, problems[], node, sessions_driven, price_book,
 *                           ledger{backlog, backlog_max, lost, failure|null, unpriced{}},
 *                           suppliers[{supplier, calls, calls_max, resting{model: why}}]}
 * </pre>
 *
 * What-if questions and evidence are told of at {@link entrepot.gateway.admin.ContractsApi}, limits
 * at {@link entrepot.gateway.admin.LimitsApi}. Begin with {@link entrepot.gateway.admin.AdminApi}.
 */
@NullMarked
package entrepot.gateway.admin;

import org.jspecify.annotations.NullMarked;
