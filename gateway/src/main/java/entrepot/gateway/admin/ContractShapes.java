package entrepot.gateway.admin;

import entrepot.gateway.door.Described;

/** What {@link ContractsApi} takes and tells. */
final class ContractShapes {

    private static final String MONEY = AdminShapes.MONEY + "|null";

    static final Described WHAT_IF =
            Described.body(
                    "Decides a period's orders again under other contracts.",
                    "{files: {*: string}, from: string, to: string, prefer?: keep/cheapest,"
                            + " orders_max?: integer, after?: string}",
                    200,
                    "{object: what_if, contracts: string, catalogue: string, from: date-time,"
                            + " to: date-time, prefer: keep/cheapest, basis: string,"
                            + " orders: integer, cut: boolean, next: string|null,"
                            + " moved: [{order: string, model: string, api: string,"
                            + " at: date-time, from: string|null, to: string|null, why: string,"
                            + " billed: "
                            + MONEY
                            + ", cost_before: "
                            + MONEY
                            + ", cost_after: "
                            + MONEY
                            + ", difference: "
                            + MONEY
                            + "}], totals: ["
                            + AdminShapes.MONEY
                            + "], untold: integer, left_out: {*: integer}}");
    static final Described EVIDENCE =
            Described.body(
                    "Signs every decision of a period that a clause touched.",
                    "{clause: string, from: string, to: string}",
                    200,
                    "{evidence: {format: string, contracts: string, clause: any, from: string,"
                            + " to: string, left_out: integer, decisions: [any]},"
                            + " signature: {algorithm: Ed25519, key_id: string,"
                            + " public_key: string, value: string}}");
    static final Described EVIDENCE_KEY =
            Described.get(
                    "Shows the public key that this node signs evidence with.",
                    "",
                    "{object: evidence_key, algorithm: Ed25519, id: string, public_key: string}");

    private ContractShapes() {}
}
