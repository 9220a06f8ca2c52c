package entrepot.gateway;

import entrepot.gateway.door.Door;
import entrepot.gateway.door.HeardShape;
import entrepot.gateway.door.Mounts;
import entrepot.gateway.door.Route;
import entrepot.http.Handler;
import entrepot.identity.Ids;
import entrepot.identity.Keys;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Puts the doors together: one handler for everything that the server is asked. */
public final class Gateway {

    private Gateway() {}

    /**
     * Everything that is served.
     *
     * @param routes of the storefronts, the APIs and the health checks, in any order
     * @param mounts branches that admit their own callers, by prefix, such as {@code /console}
     */
    public static Handler handler(
            List<Route> routes,
            Map<String, Handler> mounts,
            Keys keys,
            Ids ids,
            InstantSource clock) {
        return new Mounts(mounts, new Door(routes, keys, ids, clock, new HeardShape()));
    }
}
