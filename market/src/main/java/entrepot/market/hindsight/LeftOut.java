package entrepot.market.hindsight;

/** Why an order of the ledger cannot be decided again, or a decision not be shown. */
public enum LeftOut {
    /** Its first attempt is not in the period, so that it belongs to the one before. */
    BEGUN_EARLIER,
    /** It was refused, and not by the contracts alone. */
    REFUSED_OTHERWISE,
    /** No model was found for it then. */
    MODEL_UNKNOWN,
    /** The kind of call, or the channel, was not recorded. */
    NOT_RECORDED
}
