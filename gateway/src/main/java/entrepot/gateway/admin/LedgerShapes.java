package entrepot.gateway.admin;

import entrepot.gateway.door.Described;

/** What the routes of the ledger and of statements take and tell. */
final class LedgerShapes {

    private static final String MONEY = "{amount: decimal, currency: string}";
    private static final String SHEET = "title: string, columns: [string], rows: [[string|null]]";
    private static final String SHEETS = "{data: [{" + SHEET + "}], notes: [string]}";
    private static final String PERIOD = "from: string, to: string";
    private static final String ROW =
            "id: string, chain: string, sequence: integer, hash: string,"
                    + " kind: attempt/reversal/rerated/priced, about: string|null,"
                    + " charge_rule: string|null, receipt: any, postings: [{account: string,"
                    + " party: string, amount: decimal, currency: string, rule: string|null}]";

    static final Described LIST_ROWS =
            Described.get(
                    "Lists the ledger's rows with their postings, newest first.",
                    "{limit?: integer, before?: string}",
                    AdminShapes.list("{" + ROW + "}"));
    static final Described SHOW_ROW =
            Described.get(
                    "Shows a row with its postings and corrections.",
                    "",
                    "{" + ROW + ", corrections: [{" + ROW + "}]}");
    static final Described RERATE =
            Described.body(
                    "Gives a receipt another price: one row takes back, another says it anew.",
                    "{cost: "
                            + MONEY
                            + ", charge?: "
                            + MONEY
                            + "|null, pricing?: string|null, reason: string}",
                    201,
                    "{" + ROW + "}");
    static final Described BALANCE =
            Described.get(
                    "Tells what each account holds over whole months.",
                    "{" + PERIOD + "}",
                    "{" + SHEET + "}");
    static final Described VERIFY =
            Described.get(
                    "Recomputes every hash; server-sent events with progress, then the result.",
                    "",
                    "{rows: integer, rows_all?: integer, flaw?: string|null, done?: boolean}");
    static final Described REBUILD =
            Described.get(
                    "Adds all rows up again; server-sent events with progress, then the result.",
                    "",
                    "{rows?: integer, rows_all?: integer, differences?: [string],"
                            + " done?: boolean}");
    static final Described USAGE =
            Described.get(
                    "Tells usage and money by time and dimension.",
                    "{"
                            + PERIOD
                            + ", by?: string, every?: hour/day/month, team?: string,"
                            + " project?: string, model?: string, supplier?: string,"
                            + " channel?: string, region?: string, api?: string,"
                            + " outcome?: string}",
                    "{" + SHEET + "}");

    static final Described CHARGES =
            Described.get(
                    "Shows the rules in force by which tenants are charged and shares are owed.",
                    "",
                    "{party: string|null, charges: [{name: string, tenant: string|null,"
                            + " team: string|null, project: string|null, models: [string],"
                            + " channels: [string], percent: decimal, from: string|null,"
                            + " until: string|null}], shares: [{clause: string, party: string,"
                            + " percent: decimal}]}");

    static final Described COMMITMENTS =
            new Described(
                    "Tells how far commitments are spent, and where they will end.",
                    "{at?: string, party?: string}",
                    "{commitments?: [any]|null}",
                    200,
                    SHEETS);
    static final Described SHARES =
            new Described(
                    "Tells what shares are owed, month by month.",
                    "{" + PERIOD + ", party?: string}",
                    "{shares?: [any]|null}",
                    200,
                    SHEETS);
    static final Described FUNDING =
            new Described(
                    "Tells where the tranches of a funding stand.",
                    "{at?: string, party?: string}",
                    "{tranches?: [any]|null}",
                    200,
                    SHEETS);
    static final Described SEGMENTS =
            Described.get(
                    "Tells cost, revenue and margin by dimensions, with a forecast.",
                    "{" + PERIOD + ", by?: string, at?: string}",
                    "{" + SHEET + "}");
    static final Described PARTY =
            Described.get(
                    "Tells what a supplier is owed, or a team owes.",
                    "{" + PERIOD + ", supplier?: string, team?: string}",
                    "{" + SHEET + "}");
    static final Described RECONCILE =
            new Described(
                    "Compares a supplier's invoice, a CSV file, with the ledger.",
                    "{supplier: string, period: string, tolerance?: string}",
                    "string",
                    200,
                    "{" + SHEET + ", exceeds: boolean}");
    static final Described FOCUS =
            new Described(
                    "Writes a dataset of FOCUS 1.4.",
                    "{"
                            + PERIOD
                            + ", view?: cost/charge, seller?: string, every?: hour/day,"
                            + " at?: string, payment_terms?: string, party?: string}",
                    "{commitments?: [any]|null}",
                    200,
                    "{" + SHEET + ", unpriced: integer}");

    private LedgerShapes() {}
}
