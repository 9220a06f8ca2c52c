package entrepot.app.settings;

import java.util.List;

/** Settings that cannot be used: everything that is wrong with them, and where it was said. */
public final class SettingsInvalid extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SettingsInvalid(List<String> problems) {
        super(String.join("\n", problems));
    }
}
