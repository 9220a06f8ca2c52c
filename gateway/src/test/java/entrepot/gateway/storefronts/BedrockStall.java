package entrepot.gateway.storefronts;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.gateway.Served;
import entrepot.http.ClientSettings;
import entrepot.http.HttpClient;
import entrepot.http.engine.HttpClients;
import entrepot.identity.Caller.Scope;
import entrepot.identity.Keys;
import entrepot.identity.testing.CountingIds;
import entrepot.market.Receipt;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.SecretSources;
import entrepot.market.routing.Markets;
import entrepot.market.testing.MemoryLedger;
import entrepot.protocols.Frame;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** A gateway before a scripted Bedrock and a scripted server like OpenAI's, with AWS's clients. */
final class BedrockStall implements AutoCloseable {

    /** Names at our gateway; the second is what Bedrock itself calls its model. */
    private static final int LOOKS_MAX = 500;

    private static final long LOOK_NANOS = 10_000_000;

    static final String NATIVE = "aws/claude";

    static final String BY_ID = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    static final String TRANSLATED = "acme/one";

    static final List<String> INVOKED =
            List.of(
                    "us.meta.llama3-3-70b-instruct-v1:0",
                    "amazon.titan-text-express-v1",
                    "mistral.mistral-7b-instruct-v0:2",
                    "mistral.mistral-large-2407-v1:0",
                    "arn:aws:bedrock:us-east-1::foundation-model/cohere.command-text-v14",
                    "cohere.command-r-v1:0");

    final ScriptedSupplier bedrock = ScriptedSupplier.start();
    final ScriptedSupplier openai = ScriptedSupplier.start();
    final MemoryLedger ledger = new MemoryLedger();
    final Served served;
    final Keys.Issued pair;
    private final HttpClient http = HttpClients.open(ClientSettings.DEFAULT);

    BedrockStall() {
        var secrets =
                Map.of(
                        "AWS_ID", "AKIDEXAMPLE",
                        "AWS_SECRET", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                        "AWS_TOKEN", "temporary-token",
                        "KEY", "sk-aaaaaaaaaa");
        Catalogue catalogue =
                new CatalogueReader(Map.of(), new SecretSources(secrets, Path.of(".")))
                        .read("test.yaml", yaml());
        served =
                new Served(
                        Markets.open(
                                () -> catalogue,
                                ledger,
                                http,
                                List.of(),
                                Clock.systemUTC(),
                                new CountingIds("m")));
        pair =
                served.keys()
                        .createSigning(
                                new Keys.NewKey(
                                        "acme",
                                        "core-team",
                                        "ada",
                                        "aws",
                                        Set.of(Scope.MODELS),
                                        null));
    }

    private String yaml() {
        String base = "http://127.0.0.1:" + bedrock.port();
        return """
        suppliers:
          bedrock:
            kind: bedrock
            region: eu-west-1
            base_url: "%s"
            access_key_id_env: AWS_ID
            secret_access_key_env: AWS_SECRET
            session_token_env: AWS_TOKEN
          invoke: {kind: bedrock, region: eu-west-1, base_url: "%s", key_env: KEY, api: invoke}
          openai: {kind: openai-compatible, base_url: "%s", key_env: KEY}
        models:
          aws/claude:
            offers:
              - {supplier: bedrock, name: "%s", prices: {input: 1, output: 2}}
          acme/one:
            offers:
              - {supplier: openai, name: one, prices: {input: 1, output: 2}}
        %s
        aliases:
          "%s": aws/claude
        """
                .formatted(base, base, openai.baseUrl(), BY_ID, invoked(), BY_ID);
    }

    /** Models that are asked for with InvokeModel. */
    private static String invoked() {
        var yaml = new StringBuilder();
        int count = 0;
        for (String model : INVOKED) {
            yaml.append("  aws/m%d:\n    offers:\n".formatted(++count));
            yaml.append(
                    "      - {supplier: invoke, name: \"%s\", prices: free}\n".formatted(model));
        }
        return yaml.toString();
    }

    URI url() {
        return URI.create(served.url());
    }

    StaticCredentialsProvider credentials(String secret) {
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create(pair.key().prefix(), secret));
    }

    BedrockRuntimeClient client() {
        return client(pair.secret().reveal());
    }

    BedrockRuntimeClient client(String secret) {
        return BedrockRuntimeClient.builder()
                .endpointOverride(url())
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials(secret))
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(1)))
                .build();
    }

    /** Its default on a plain address is HTTP/2 without asking first. */
    BedrockRuntimeAsyncClient asyncClient() {
        return BedrockRuntimeAsyncClient.builder()
                .endpointOverride(url())
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials(pair.secret().reveal()))
                .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(1)))
                .build();
    }

    /** A stream as Bedrock sends it: names and payloads in turn. */
    static Script stream(String... namesAndPayloads) {
        var script =
                new Script(
                        200,
                        List.of("content-type: application/vnd.amazon.eventstream"),
                        true,
                        List.of());
        for (int i = 0; i < namesAndPayloads.length; i += 2) {
            String name = namesAndPayloads[i];
            Frame.Kind kind = name.endsWith("Exception") ? Frame.Kind.EXCEPTION : Frame.Kind.EVENT;
            var frame = new Frame(kind, name, namesAndPayloads[i + 1].getBytes(UTF_8));
            script = script.send(new EventStreamFraming().bytes(List.of(frame)));
        }
        return script;
    }

    static Script refusal(int status, String type, String message) {
        return Script.json(status, "{\"message\":\"" + message + "\"}")
                .header("x-amzn-ErrorType", type);
    }

    @Override
    public void close() {
        served.close();
        http.close();
        bedrock.close();
        openai.close();
    }

    /** The newest receipt, once there is one: a caller may have its answer just before. */
    Receipt latest() {
        for (int looks = 0; ledger.latest("acme", 1).isEmpty() && looks < LOOKS_MAX; looks++) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return ledger.latest("acme", 1).getFirst();
    }
}
