package entrepot.console;

import entrepot.http.Exchange;
import entrepot.http.Headers;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Renders templates; every page leaves with the same guards. */
final class Pages {

    /** Scripts and styles of ours only, nothing inline, nothing framed, nothing sent elsewhere. */
    static final Headers GUARD =
            Headers.of(
                    "content-security-policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                            + " connect-src 'self'; form-action 'self'; base-uri 'none';"
                            + " frame-ancestors 'none'",
                    "x-content-type-options",
                    "nosniff",
                    "referrer-policy",
                    "no-referrer",
                    "cross-origin-opener-policy",
                    "same-origin",
                    "cache-control",
                    "no-store");

    private final TemplateEngine engine = TemplateEngine.createPrecompiled(ContentType.Html);

    void answer(Exchange exchange, int status, String template, Map<String, Object> parameters) {
        exchange.respond(
                status,
                GUARD.with("content-type", "text/html; charset=utf-8"),
                render(template, parameters).getBytes(StandardCharsets.UTF_8));
    }

    String render(String template, Map<String, Object> parameters) {
        var out = new StringOutput();
        engine.render(template + ".jte", parameters, out);
        return out.toString();
    }

    static void redirect(Exchange exchange, String where) {
        exchange.respond(303, GUARD.with("location", where), new byte[0]);
    }
}
