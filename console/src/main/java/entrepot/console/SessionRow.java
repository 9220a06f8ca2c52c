package entrepot.console;

/** A session in the list. */
public record SessionRow(
        String id,
        Pill status,
        String asked,
        String agent,
        String model,
        long tokens,
        String tokensText,
        String costNumber,
        String cost,
        long lastActiveSeconds,
        String lastActive,
        String lastActiveText) {}
