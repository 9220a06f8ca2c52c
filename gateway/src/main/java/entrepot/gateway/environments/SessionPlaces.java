package entrepot.gateway.environments;

import entrepot.identity.Caller;
import entrepot.runtime.environments.Blueprint;
import entrepot.runtime.environments.Environment;
import entrepot.runtime.environments.Environments;
import entrepot.runtime.environments.Templates;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/** Gives sessions their environments, and takes them back. */
public final class SessionPlaces {

    private final Environments environments;
    private final Templates templates;

    public SessionPlaces(Environments environments, Templates templates) {
        this.environments = environments;
        this.templates = templates;
    }

    /**
     * The environment for a session that is about to be made.
     *
     * @return null when it wants none
     */
    public @Nullable Environment open(Caller caller, EnvironmentRequests.Wanted wanted) {
        return switch (wanted) {
            case EnvironmentRequests.Wanted.None none -> null;
            case EnvironmentRequests.Wanted.Prewarmed made -> environments.take(caller, made.id());
            case EnvironmentRequests.Wanted.Hosted hosted ->
                    environments.create(caller, blueprint(caller, hosted), true, null);
        };
    }

    Blueprint blueprint(Caller caller, EnvironmentRequests.Wanted.Hosted hosted) {
        String templateId = hosted.templateId();
        return templateId == null
                ? hosted.blueprint()
                : templates.apply(caller, templateId, hosted.blueprint());
    }

    /**
     * Says what became of a session.
     *
     * @param opened what was opened for it
     * @param kept the environment that the session has; another one when it was made before by the
     *     same key; null when it was not made
     * @param sessionId null when it was not made
     */
    public void settle(
            Caller caller,
            EnvironmentRequests.Wanted wanted,
            Environment opened,
            @Nullable String kept,
            @Nullable String sessionId) {
        if (sessionId != null && Objects.equals(opened.id(), kept)) {
            environments.bind(caller, opened.id(), sessionId);
        } else if (wanted instanceof EnvironmentRequests.Wanted.Prewarmed) {
            environments.release(caller, opened.id());
        } else {
            environments.delete(caller.tenant(), opened.id());
        }
    }

    /** Deletes what a deleted session had. */
    public void close(Caller caller, String environmentId, String sessionId) {
        environments
                .find(caller, environmentId)
                .filter(found -> sessionId.equals(found.sessionId()))
                .ifPresent(found -> environments.delete(caller.tenant(), environmentId));
    }
}
