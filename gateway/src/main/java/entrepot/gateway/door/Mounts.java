package entrepot.gateway.door;

import entrepot.http.Exchange;
import entrepot.http.Handler;

import java.util.Map;
import java.util.TreeMap;

/**
 * Gives whole branches of the address space to other handlers, which admit their own callers. A
 * prefix takes its own path and what lies below it; {@code "/"} takes only itself.
 */
public final class Mounts implements Handler {

    private final TreeMap<String, Handler> prefixes;
    private final Handler rest;

    /**
     * @param prefixes such as {@code /console}, without a slash at the end
     * @param rest whatever no prefix takes
     */
    public Mounts(Map<String, Handler> prefixes, Handler rest) {
        this.prefixes = new TreeMap<>(prefixes);
        this.rest = rest;
    }

    @Override
    public void handle(Exchange exchange) throws InterruptedException {
        of(exchange.path()).handle(exchange);
    }

    @Override
    public boolean mayBlock(String method, String path) {
        return of(path).mayBlock(method, path);
    }

    private Handler of(String path) {
        for (var mount : prefixes.entrySet()) {
            String prefix = mount.getKey();
            if (path.equals(prefix)
                    || (prefix.length() > 1
                            && path.startsWith(prefix)
                            && path.charAt(prefix.length()) == '/')) {
                return mount.getValue();
            }
        }
        return rest;
    }
}
