package entrepot.market.prices;

/** A price list that cannot be used; the message says which file, where in it, and why. */
public final class PriceListInvalid extends RuntimeException {

    private static final long serialVersionUID = 1;

    public PriceListInvalid(String message) {
        super(message);
    }
}
