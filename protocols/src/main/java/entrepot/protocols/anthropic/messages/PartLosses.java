package entrepot.protocols.anthropic.messages;

import static entrepot.protocols.anthropic.messages.MessagesRequests.DIALECT;

import entrepot.conversation.Loss;
import entrepot.conversation.Part;
import entrepot.protocols.Foreign;

import java.util.List;

/** What a part of a message loses in the Messages API. */
final class PartLosses {

    private PartLosses() {}

    /**
     * @param supplier whether it is written for a supplier, who takes back only its own reasoning
     */
    static void of(Part part, String path, boolean supplier, List<Loss> losses) {
        switch (part) {
            case Part.Text text -> {
                MessagesLosses.extras(text.extras(), path, losses);
                if (text.text().isEmpty() && !text.extras().dialect().equals(DIALECT)) {
                    MessagesLosses.EMPTY.at(path, losses);
                }
            }
            case Part.Refusal refusal -> {
                MessagesLosses.extras(refusal.extras(), path, losses);
                MessagesLosses.REFUSAL.at(path, losses);
            }
            case Part.Image image -> image(image, path, losses);
            case Part.File file -> file(file, path, losses);
            case Part.Audio _ -> MessagesLosses.AUDIO.at(path, losses);
            case Part.Reasoning reasoning -> reasoning(reasoning, path, supplier, losses);
            case Part.ToolCall call -> {
                MessagesLosses.extras(call.extras(), path, losses);
                id(call.callId(), path, losses);
                if (MessagesBlocks.object(call.arguments()) == null) {
                    MessagesLosses.ARGUMENTS.at(path + ".arguments", losses);
                }
            }
            case Part.ToolResult result -> {
                MessagesLosses.extras(result.extras(), path, losses);
                id(result.callId(), path, losses);
                List<Part> content = result.content();
                for (int i = 0; i < content.size(); i++) {
                    String at = path + ".content[" + i + "]";
                    of(content.get(i), at, supplier, losses);
                    if (content.get(i) instanceof Part.CachePoint && !canMark(content, i)) {
                        MessagesLosses.CACHE_PLACE.at(at, losses);
                    }
                }
            }
            case Part.Unknown unknown -> Foreign.part(unknown, DIALECT, path, losses);
            case Part.CachePoint _ -> {
                // Carried; whether its place is right, its list knows.
            }
        }
    }

    private static void image(Part.Image image, String path, List<Loss> losses) {
        MessagesLosses.extras(image.extras(), path, losses);
        if (image.detail() != null) {
            MessagesLosses.DETAIL.at(path + ".detail", losses);
        }
        if ((image.base64() == null) != (image.mediaType() == null)) {
            MessagesLosses.MEDIA_TYPE.at(path + ".mediaType", losses);
        }
    }

    private static void file(Part.File file, String path, List<Loss> losses) {
        MessagesLosses.extras(file.extras(), path, losses);
        if (file.extras().dialect().equals(DIALECT)) {
            return;
        }
        String type = MessagesMedia.mediaType(file);
        if (!MessagesMedia.isTaken(file)) {
            MessagesLosses.FILE_TYPE.at(path, losses);
        } else if (file.base64() != null && type != null && type.startsWith("text/")) {
            MessagesLosses.FILE_TEXT.at(path, losses);
        } else if ((file.base64() == null) != (file.mediaType() == null)) {
            MessagesLosses.MEDIA_TYPE.at(path + ".mediaType", losses);
        }
        boolean several =
                (file.fileId() != null && (file.base64() != null || file.url() != null))
                        || (file.base64() != null && file.url() != null);
        if (several) {
            MessagesLosses.MEDIA_TYPE.at(path, losses);
        }
    }

    private static void reasoning(
            Part.Reasoning reasoning, String path, boolean supplier, List<Loss> losses) {
        MessagesLosses.extras(reasoning.extras(), path, losses);
        if (MessagesReasoning.isSilent(reasoning)) {
            MessagesLosses.SILENT.at(path, losses);
        } else if (supplier && !MessagesReasoning.isUsable(reasoning)) {
            MessagesLosses.UNSIGNED.at(path, losses);
        }
    }

    private static void id(String id, String path, List<Loss> losses) {
        if (!MessagesBlocks.wireId(id).equals(id)) {
            MessagesLosses.CALL_ID.at(path + ".callId", losses);
        }
    }

    /** Whether a mark stands behind a part that can carry it, and not behind another mark. */
    static boolean canMark(List<Part> parts, int mark) {
        if (mark == 0) {
            return false;
        }
        return switch (parts.get(mark - 1)) {
            case Part.Text text -> !text.text().isEmpty();
            case Part.Image _, Part.File _, Part.ToolCall _, Part.ToolResult _ -> true;
            case Part.Refusal _,
                    Part.Audio _,
                    Part.Reasoning _,
                    Part.CachePoint _,
                    Part.Unknown _ ->
                    false;
        };
    }
}
