package entrepot.knowledge.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;

import entrepot.identity.Secret;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class S3ConnectorTest {

    private static final Instant NOW = Instant.parse("2026-04-12T09:00:00Z");
    private static final String SECRET = "a-secret-key";

    private final Map<String, String> objects = new TreeMap<>();

    /** Examples of Amazon's own documentation, "Authenticating Requests: Using the header". */
    @Test
    void signsAsAmazonsExamplesDo() {
        var signature =
                new S3Signature(
                        "us-east-1",
                        new Secret("AKIAIOSFODNN7EXAMPLE"),
                        new Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));
        Instant then = Instant.parse("2013-05-24T00:00:00Z");
        String host = "examplebucket.s3.amazonaws.com";
        assertThat(
                        signature.headers(
                                host,
                                "/test.txt",
                                new TreeMap<>(),
                                Map.of("range", "bytes=0-9"),
                                then))
                .containsEntry(
                        "authorization",
                        "AWS4-HMAC-SHA256"
                            + " Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                            + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                            + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039"
                            + "c6036bdb41");
        assertThat(
                        signature
                                .headers(
                                        host,
                                        "/",
                                        new TreeMap<>(Map.of("max-keys", "2", "prefix", "J")),
                                        Map.of(),
                                        then)
                                .get("authorization"))
                .endsWith("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
    }

    private Site.Reply store(HttpExchange exchange) {
        String path = exchange.getRequestURI().getRawPath();
        TreeMap<String, String> query = new TreeMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], java.net.URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        String expected =
                new S3Signature("eu-west-1", new Secret("key"), new Secret(SECRET))
                        .headers(
                                String.valueOf(exchange.getRequestHeaders().getFirst("Host")),
                                path,
                                query,
                                Map.of(),
                                NOW)
                        .get("authorization");
        if (!exchange.getRequestHeaders().getFirst("Authorization").equals(expected)) {
            return new Site.Reply(
                    403,
                    "application/xml",
                    "<Error><Code>SignatureDoesNotMatch</Code></Error>"
                            .getBytes(StandardCharsets.UTF_8),
                    Map.of());
        }
        return query.isEmpty() ? object(path) : listing(query);
    }

    private Site.Reply object(String path) {
        String key =
                java.net.URLDecoder.decode(
                        path.substring("/bucket/".length()).replace("+", "%2B"),
                        StandardCharsets.UTF_8);
        String text = objects.get(key);
        return text == null
                ? Site.Reply.status(404, Map.of())
                : new Site.Reply(
                        200,
                        "binary/octet-stream",
                        text.getBytes(StandardCharsets.UTF_8),
                        Map.of("ETag", "\"" + Hashes.sha256(text).substring(0, 8) + "\""));
    }

    /** Two objects at a time. */
    private Site.Reply listing(Map<String, String> query) {
        int from = Integer.parseInt(query.getOrDefault("continuation-token", "0"));
        List<String> keys =
                objects.keySet().stream()
                        .filter(key -> key.startsWith(query.getOrDefault("prefix", "")))
                        .toList();
        int to = Math.min(keys.size(), from + 2);
        var xml = new StringBuilder("<ListBucketResult>");
        for (String key : keys.subList(from, to)) {
            xml.append("<Contents><Key>")
                    .append(S3Signature.encode(key, true))
                    .append("</Key><ETag>&quot;")
                    .append(Hashes.sha256(objects.getOrDefault(key, "")).substring(0, 8))
                    .append("&quot;</ETag><Size>7</Size></Contents>");
        }
        if (to < keys.size()) {
            xml.append("<NextContinuationToken>").append(to).append("</NextContinuationToken>");
        }
        return Site.Reply.html(xml.append("</ListBucketResult>").toString());
    }

    private static S3Connector open(Site site, String secret) {
        return new S3Connector(
                new SourceSettings.S3(
                        site.at(""),
                        "eu-west-1",
                        "bucket",
                        "docs/",
                        new Secret("key"),
                        new Secret(secret),
                        true),
                Access.EVERYONE,
                site.client,
                InstantSource.fixed(NOW));
    }

    @Test
    void listsAndReadsSignedObjects() throws Exception {
        objects.put("docs/a.md", "Page A.");
        objects.put("docs/b c+ü.md", "Page B.");
        objects.put("docs/board/.access.yaml", "access: [board]\n");
        objects.put("docs/board/plan.md", "The plan.");
        objects.put("other/z.md", "Not asked for.");
        try (Site site = new Site(this::store);
                S3Connector s3 = open(site, SECRET)) {
            Listing listing = s3.list(null, count -> {});
            assertThat(listing.entries())
                    .extracting(Entry::id)
                    .containsExactly("docs/a.md", "docs/b c+ü.md", "docs/board/plan.md");
            assertThat(listing.entries().get(2).access())
                    .isEqualTo(Access.of(List.of("group:board")));
            Content content = s3.read(listing.entries().get(1));
            assertThat(new String(content.bytes(), StandardCharsets.UTF_8)).isEqualTo("Page B.");
            assertThat(content.revision())
                    .isEqualTo(Hashes.sha256("Page B.").substring(0, 8))
                    .isEqualTo(listing.entries().get(1).stamp());
        }
    }

    @Test
    void aWrongSecretSaysSoAndIsNotShown() throws Exception {
        try (Site site = new Site(this::store);
                S3Connector s3 = open(site, "another-secret")) {
            assertThatThrownBy(() -> s3.list(null, count -> {}))
                    .isInstanceOf(SourceFailed.class)
                    .hasMessageContaining("403 SignatureDoesNotMatch")
                    .hasMessageNotContaining("another-secret");
        }
    }
}
