package entrepot.http.engine;

import io.vertx.core.net.TrustOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Which certificates a client believes. */
final class Trust {

    private Trust() {}

    /** The platform's authorities and those in some PEM files. */
    static TrustOptions platformAnd(List<Path> files) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate platform : manager(null).getAcceptedIssuers()) {
                store.setCertificateEntry("trusted-" + store.size(), platform);
            }
            for (Path file : files) {
                for (Certificate certificate : read(file)) {
                    store.setCertificateEntry("trusted-" + store.size(), certificate);
                }
            }
            return TrustOptions.wrap(manager(store));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("cannot build the store of certificates", e);
        }
    }

    private static Iterable<? extends Certificate> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("not a file of PEM certificates: " + file, e);
        }
    }

    private static X509TrustManager manager(@Nullable KeyStore store)
            throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("this platform has no X.509 trust manager");
    }
}
