package entrepot.gateway.admin;

import entrepot.gateway.door.Described;

/** What the admin API takes and tells, in the notation of {@link entrepot.gateway.door.Shape}. */
final class AdminShapes {

    static final String MONEY = "{amount: decimal, currency: string}";

    private static final String KEY =
            "{id: string, name: string, prefix: string, team: string, principal: string,"
                    + " scopes: [models/agents/admin], created_at: integer,"
                    + " expires_at: integer|null, revoked_at: integer|null,"
                    + " last_used_at: integer|null";
    private static final String FOLDER = "{name: string, path: string}";
    static final String VERDICT =
            "{gate: string, passed: boolean, reason: string, source?: string|null,"
                    + " remedy?: string|null}";
    private static final String RECEIPT =
            "{id: string, order_id: string, attempt: integer, storefront: string,"
                    + " model_asked: string, model: string, supplier: string,"
                    + " outcome: delivered/cancelled/failed/broken/refused, usage: {*: integer},"
                    + " estimated: boolean, cost: "
                    + MONEY
                    + "|null, charge: "
                    + MONEY
                    + "|null, pricing: string|null, channel: string|null, region: string|null,"
                    + " api: string|null, project: string|null, clauses: [string],"
                    + " started_at_ms: integer, ended_at_ms: integer,"
                    + " first_event_ms: integer|null, session_id: string|null,"
                    + " turn_id: string|null, team: string, principal: string, key_id: string,"
                    + " verdicts: ["
                    + VERDICT
                    + "], detail: string|null}";

    static final Described LIST_KEYS = Described.get("Lists the keys.", "", list(KEY + "}"));
    static final Described CREATE_KEY =
            Described.body(
                    "Makes a key; its secret is told this once. A pair that signs is of kind aws.",
                    "{name: string, team?: string, principal?: string,"
                            + " scopes: [models/agents/admin], expires_at?: integer|null,"
                            + " kind?: bearer/aws}",
                    201,
                    KEY
                            + ", secret: string, access_key_id?: string,"
                            + " secret_access_key?: string}");
    static final Described REVOKE_KEY =
            Described.get("Revokes a key.", "", "{id: string, revoked: boolean}");
    static final Described LIST_FOLDERS =
            Described.get("Lists the folders that agents may read.", "", list(FOLDER));
    static final Described ALLOW_FOLDER =
            Described.body("Lets agents read a folder, until the restart.", FOLDER, 201, FOLDER);
    static final Described LIST_RECEIPTS =
            Described.get(
                    "Lists receipts, newest first; those of a session, oldest first.",
                    "{session?: string, limit?: integer}",
                    list(RECEIPT));
    static final Described SHOW_CATALOGUE =
            Described.get(
                    "Shows the catalogue's state.",
                    "",
                    "{file: string, version: string, price_book: string, since: integer, problems:"
                            + " [{line: integer, column: integer, path: string,"
                            + " message: string}]}");
    static final Described SHOW_CAPABILITIES =
            Described.get(
                    "Shows what each supplier of a model carries of a request.",
                    "{model: string}",
                    "{object: list, model: string, data: [{supplier: string, name: string,"
                            + " dialects: [string], carried?: {*: string}}]}");
    static final Described SHOW_HEALTH =
            Described.get(
                    "Shows how this node does.",
                    "",
                    "{status: ok/degraded, problems: [string], node: string,"
                            + " sessions_driven: integer, price_book: string, ledger: any,"
                            + " limits: any,"
                            + " suppliers: [any]}");
    static final Described LIST_ALERTS =
            Described.get(
                    "Lists what was told of budgets and other limits, newest first.",
                    "{before?: string, limit_id?: string, limit?: integer}",
                    "{object: string, data: [{id: string, at: integer, kind: reached/overrun,"
                            + " limit_id: string, percent: integer|null, order_id: string|null,"
                            + " amount: decimal, held: decimal|null, text: string}],"
                            + " has_more: boolean}");
    private static final String LIMIT_MEMBERS =
            "id: string, name: string, scope: {kind: string, id: string},"
                    + " measure: requests/tokens/concurrency/money, currency: string|null,"
                    + " amount: decimal, period: minute/hour/day/week/month/none, zone: string,"
                    + " hard: boolean, alert_percents: [integer],"
                    + " hold_if_unknown: decimal|null, created_at: integer,"
                    + " updated_at: integer, ended_at: integer|null";
    private static final String LIMIT = "{" + LIMIT_MEMBERS + "}";
    private static final String LIMIT_USAGE =
            "{period_start: integer|null, period_end: integer|null, settled: decimal,"
                    + " held: decimal, taken: decimal, left: decimal,"
                    + " alerted_percent: integer}";
    static final Described LIST_LIMITS =
            Described.get(
                    "Lists budgets and other limits.",
                    "{after?: string, limit?: integer, ended?: boolean}",
                    "{object: list, data: [" + LIMIT + "], has_more: boolean}");
    static final Described CREATE_LIMIT =
            Described.body(
                    "Sets a limit.",
                    "{name: string, scope: {kind: string, id?: string}, measure: string,"
                            + " currency?: string, amount: decimal, period: string,"
                            + " zone?: string, hard?: boolean, alert_percents?: [integer],"
                            + " hold_if_unknown?: decimal|null}",
                    201,
                    LIMIT);
    static final Described SHOW_LIMIT =
            Described.get(
                    "Shows a limit and what is used of it now.",
                    "",
                    "{" + LIMIT_MEMBERS + ", usage: " + LIMIT_USAGE + "}");
    static final Described PATCH_LIMIT =
            Described.body(
                    "Changes a limit; what is absent stays, and so does what was used.",
                    "{name?: string, amount?: decimal, hard?: boolean,"
                            + " alert_percents?: [integer], hold_if_unknown?: decimal|null}",
                    200,
                    LIMIT);
    static final Described END_LIMIT = Described.get("Ends a limit; its history stays.", "", LIMIT);
    static final Described LIMIT_HISTORY =
            Described.get(
                    "Lists what was used of a limit, newest period first.",
                    "{before?: integer, limit?: integer}",
                    "{object: list, data: [" + LIMIT_USAGE + "], has_more?: boolean}");
    static final Described EXPLAIN =
            Described.body(
                    "Says what would become of a call, gate by gate; calls nobody.",
                    "{model: string, api?: stateless/stateful/platform, storefront?: string,"
                            + " at?: string, known?: string, input_tokens?: integer,"
                            + " output_tokens?: integer, service_tier?: string,"
                            + " entrepot?: {route?: any,"
                            + " project?: string, data_class?: string}}",
                    200,
                    "{object: explanation, model: string, at: date-time, allowed: boolean,"
                            + " versions: [string], verdicts: ["
                            + VERDICT
                            + "], ways: [{supplier: string, channel: string, name: string,"
                            + " place: integer, allowed: boolean, verdicts: ["
                            + VERDICT
                            + "]}]}");

    private AdminShapes() {}

    static String list(String element) {
        return "{object: list, data: [" + element + "]}";
    }
}
