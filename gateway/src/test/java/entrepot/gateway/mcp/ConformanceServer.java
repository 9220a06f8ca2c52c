package entrepot.gateway.mcp;

import entrepot.gateway.Gateway;
import entrepot.gateway.KnownKeys;
import entrepot.http.Exchange;
import entrepot.http.Handler;
import entrepot.http.ServerSettings;
import entrepot.http.engine.HttpServer;
import entrepot.identity.testing.CountingIds;

import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.Map;

/**
 * Our endpoint with the tools of {@link EverythingService}, for the conformance suite, which has no
 * keys: one is put into each request. Prints its port and serves until its input ends.
 */
public final class ConformanceServer {

    private ConformanceServer() {}

    public static void main(String[] args) throws Exception {
        Handler door =
                Gateway.handler(
                        new McpApi(new EverythingService()).routes(),
                        Map.of(),
                        new KnownKeys(),
                        new CountingIds("mcp"),
                        Clock.systemUTC());
        try (HttpServer server =
                HttpServer.start(
                        ServerSettings.loopback(0), exchange -> door.handle(withKey(exchange)))) {
            System.out.println(server.port());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static Exchange withKey(Exchange exchange) {
        return (Exchange)
                Proxy.newProxyInstance(
                        Exchange.class.getClassLoader(),
                        new Class<?>[] {Exchange.class},
                        (proxy, method, arguments) ->
                                method.getName().equals("headers")
                                        ? exchange.headers()
                                                .with("authorization", "Bearer " + KnownKeys.ALL)
                                        : method.invoke(exchange, arguments));
    }
}
