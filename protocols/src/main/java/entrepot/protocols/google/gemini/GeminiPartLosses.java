package entrepot.protocols.google.gemini;

import static entrepot.protocols.google.gemini.GeminiLosses.extras;

import entrepot.conversation.Loss;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Part;
import entrepot.protocols.Foreign;

import java.util.List;

/** What one part loses where it stands. */
final class GeminiPartLosses {

    private GeminiPartLosses() {}

    static void of(List<Part> parts, int index, Role role, String path, List<Loss> losses) {
        Part part = parts.get(index);
        if (!fits(part, role)) {
            GeminiLosses.MISPLACED.at(path, losses);
        }
        switch (part) {
            case Part.Text text -> extras(text.extras(), path, losses);
            case Part.Refusal refusal -> {
                extras(refusal.extras(), path, losses);
                GeminiLosses.REFUSAL.at(path, losses);
            }
            case Part.Image image -> {
                extras(image.extras(), path, losses);
                image(image, path, losses);
            }
            case Part.File file -> {
                extras(file.extras(), path, losses);
                file(file, path, losses);
            }
            case Part.Audio audio -> extras(audio.extras(), path, losses);
            case Part.Reasoning thought -> {
                extras(thought.extras(), path, losses);
                if (GeminiParts.isProof(thought) && !proves(parts, index)) {
                    // It comes back marked as standing alone.
                    GeminiLosses.JOINED.at(path, losses);
                }
            }
            case Part.ToolCall call -> {
                extras(call.extras(), path, losses);
                call(call, path, losses);
            }
            case Part.ToolResult result -> {
                extras(result.extras(), path, losses);
                result(result, path, losses);
            }
            case Part.CachePoint _ -> GeminiLosses.CACHE_POINT.at(path, losses);
            case Part.Unknown unknown ->
                    Foreign.part(unknown, GeminiRequests.DIALECT, path, losses);
        }
    }

    private static boolean fits(Part part, Role role) {
        return switch (part) {
            case Part.Reasoning _, Part.Refusal _, Part.ToolCall _ -> role == Role.ASSISTANT;
            case Part.ToolResult _ -> role == Role.TOOL;
            case Part.Text _, Part.Image _, Part.File _, Part.Audio _ -> role != Role.TOOL;
            case Part.CachePoint _, Part.Unknown _ -> true;
        };
    }

    private static boolean proves(List<Part> parts, int index) {
        Part proof = parts.get(index);
        if (proof instanceof Part.Reasoning thought
                && GeminiLosses.has(thought.extras(), "~alone")) {
            return true;
        }
        if (index + 1 == parts.size()) {
            return false;
        }
        return switch (parts.get(index + 1)) {
            case Part.Text text -> !text.text().isEmpty();
            case Part.Image _, Part.File _, Part.Audio _, Part.ToolCall _ -> true;
            case Part.Refusal _,
                    Part.Reasoning _,
                    Part.ToolResult _,
                    Part.CachePoint _,
                    Part.Unknown _ ->
                    false;
        };
    }

    private static void image(Part.Image image, String path, List<Loss> losses) {
        if (image.mediaType() == null || !image.mediaType().startsWith("image/")) {
            GeminiLosses.MEDIA_TYPE.at(path + ".mediaType", losses);
        }
        if (image.detail() != null) {
            GeminiLosses.DETAIL.at(path + ".detail", losses);
        }
    }

    private static void file(Part.File file, String path, List<Loss> losses) {
        String type = file.mediaType();
        boolean unsaid = type == null && !GeminiLosses.has(file.extras(), "~untyped");
        if (unsaid || (type != null && (type.startsWith("image/") || type.startsWith("audio/")))) {
            GeminiLosses.MEDIA_TYPE.at(path + ".mediaType", losses);
        }
        if (file.filename() != null && !file.extras().dialect().equals(GeminiRequests.DIALECT)) {
            GeminiLosses.NAME.at(path + ".filename", losses);
        }
        if (file.fileId() != null && !file.fileId().contains("://")) {
            GeminiLosses.FILE_ID.at(path + ".fileId", losses);
        }
    }

    private static void call(Part.ToolCall call, String path, List<Loss> losses) {
        if (!GeminiCalls.arguments(call.arguments()).toString().equals(call.arguments())) {
            GeminiLosses.ARGUMENTS.at(path + ".arguments", losses);
        }
        if (call.callId().isEmpty()) {
            GeminiLosses.EMPTY.at(path + ".callId", losses);
        }
    }

    private static void result(Part.ToolResult result, String path, List<Loss> losses) {
        int texts = 0;
        boolean media = false;
        for (int i = 0; i < result.content().size(); i++) {
            Part part = result.content().get(i);
            of(result.content(), i, Role.USER, path + ".content[" + i + "]", losses);
            boolean text = part instanceof Part.Text || part instanceof Part.Refusal;
            media |= !text;
            if (text && (++texts > 1 || media)) {
                // All text is one text, before everything else.
                GeminiLosses.JOINED.at(path + ".content[" + i + "]", losses);
            }
        }
        if (result.failed() && texts == 0) {
            GeminiLosses.FAILED_RESULT.at(path + ".content", losses);
        }
    }
}
