package entrepot.market.supply;

import entrepot.conversation.Loss;
import entrepot.http.Headers;
import entrepot.market.Order;

import java.net.URI;
import java.util.List;

/** Where one API of a supplier's account is, and how a call to it is signed. */
interface Target {

    /**
     * Where a call goes; its path goes out exactly as written.
     *
     * @param model the supplier's own name for it
     */
    URI address(String model, boolean stream);

    /**
     * All headers of a call, the credential among them. They are built from nothing: of the
     * caller's own, only what {@code Order.Verbatim} holds may be looked at, through a list of what
     * this supplier takes.
     */
    Headers headers(Attempt attempt, URI address, byte[] body);

    /** What the caller said in headers of the dialect's own, and this supplier is not told. */
    default List<Loss> losses(Order.Verbatim verbatim) {
        return List.of();
    }
}
