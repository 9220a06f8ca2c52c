package entrepot.http.engine;

import entrepot.http.ServerSettings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate of its own for localhost, made where the test runs. */
final class Certificate {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final ServerSettings.Tls files;
    private final KeyStore store;

    private Certificate(ServerSettings.Tls files, KeyStore store) {
        this.files = files;
        this.store = store;
    }

    static Certificate make(Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("own.p12");
        Process keytool =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                                .toString(),
                                        "-genkeypair",
                                        "-alias",
                                        "own",
                                        "-keyalg",
                                        "EC",
                                        "-dname",
                                        "CN=localhost",
                                        "-ext",
                                        "san=dns:localhost,ip:127.0.0.1",
                                        "-validity",
                                        "2",
                                        "-storetype",
                                        "PKCS12",
                                        "-keystore",
                                        file.toString(),
                                        "-storepass",
                                        new String(PASSWORD)))
                        .redirectErrorStream(true)
                        .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + said);
        }
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD);
            Path certificate = folder.resolve("own.crt");
            Path key = folder.resolve("own.key");
            pem(certificate, "CERTIFICATE", store.getCertificate("own").getEncoded());
            pem(key, "PRIVATE KEY", store.getKey("own", PASSWORD).getEncoded());
            return new Certificate(new ServerSettings.Tls(certificate, key), store);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static void pem(Path file, String what, byte[] der) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN %s-----%n%s%n-----END %s-----%n"
                        .formatted(what, Base64.getMimeEncoder().encodeToString(der), what));
    }

    ServerSettings.Tls files() {
        return files;
    }

    /** Trusts this certificate and no other. */
    SSLContext trusting() throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}
