package entrepot.knowledge.sources;

import entrepot.http.HttpClient;

import java.nio.file.Path;
import java.time.InstantSource;

/**
 * Opens connectors for sources as they are set up.
 *
 * @param folder where mirrors are kept on this node
 * @param outside calls public addresses only
 * @param anywhere calls inner networks as well
 */
public record Connectors(
        Path folder, HttpClient outside, HttpClient anywhere, InstantSource clock) {

    public Connector open(SourceSettings settings) throws SourceFailed {
        Access access = settings.access();
        return switch (settings.place()) {
            case SourceSettings.Folder place -> new FolderConnector(place, access);
            case SourceSettings.Git place -> new GitConnector(place, access, mirror(settings));
            case SourceSettings.Sql place -> new SqlConnector(place, access);
            case SourceSettings.Web place ->
                    new WebConnector(place, access, client(place.privateAddresses()));
            case SourceSettings.S3 place ->
                    new S3Connector(place, access, client(place.privateAddresses()), clock);
        };
    }

    private HttpClient client(boolean privateAddresses) {
        return privateAddresses ? anywhere : outside;
    }

    private Path mirror(SourceSettings settings) {
        return folder.resolve("git")
                .resolve(Hashes.sha256(settings.tenant() + "\n" + settings.id()).substring(0, 32));
    }
}
