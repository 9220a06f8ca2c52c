package entrepot.runtime.tools.mcp;

import entrepot.identity.Secret;
import entrepot.runtime.tools.ToolServerUnavailable;

import org.jspecify.annotations.Nullable;

/** The credential for one server. */
interface Bearers {

    Bearers NONE =
            new Bearers() {
                @Override
                public @Nullable Secret current() {
                    return null;
                }

                @Override
                public boolean renew(Secret refused) {
                    return false;
                }
            };

    /**
     * The token to send; null for none.
     *
     * @throws ToolServerUnavailable when it is not known which
     */
    @Nullable Secret current() throws ToolServerUnavailable, InterruptedException;

    /** Gets another one after the server has refused this; false when there is none to be had. */
    boolean renew(Secret refused) throws InterruptedException;
}
