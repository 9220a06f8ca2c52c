package entrepot.market.statements.focus;

import org.jspecify.annotations.Nullable;

/**
 * From whose point of view a dataset is written.
 *
 * @param account the billing account: the tenant
 * @param seller who charges the teams; null for the view of what suppliers charge us
 */
public record Issuer(String account, @Nullable String seller) {

    /** Whether it is the view of what teams are charged. */
    public boolean charges() {
        return seller != null;
    }

    /** Who invoices what a supplier sold. */
    public String issuer(String supplier) {
        return seller == null ? supplier : seller;
    }
}
