package entrepot.protocols.bedrock.images;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.image.ImageRequest.Quality;
import entrepot.conversation.image.ImageRequest.Size;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/** Whose bodies a model takes, and what it can draw. */
enum Painter {
    TITAN(5),
    NOVA(5),
    STABILITY(1);

    /** Titan Image Generator's sizes (User Guide, "Amazon Titan Image Generator models"). */
    private static final Set<String> TITAN_SIZES =
            Set.of(
                    "1024x1024",
                    "768x768",
                    "512x512",
                    "768x1152",
                    "384x576",
                    "1152x768",
                    "576x384",
                    "768x1280",
                    "384x640",
                    "1280x768",
                    "640x384",
                    "896x1152",
                    "448x576",
                    "1152x896",
                    "576x448",
                    "768x1408",
                    "384x704",
                    "1408x768",
                    "704x384",
                    "640x1408",
                    "320x704",
                    "1408x640",
                    "704x320",
                    "1152x640",
                    "1173x640");

    /** The shapes that Stability's models know. */
    private static final Set<String> RATIOS =
            Set.of("16:9", "1:1", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21");

    /**
     * Nova Canvas: each side, in steps, and both together (Nova User Guide, "Image generation").
     */
    private static final int NOVA_SIDE_MIN = 320;

    private static final int NOVA_SIDE_MAX = 4096;
    private static final int NOVA_STEP = 16;
    private static final int NOVA_PIXELS_MAX = 4_194_304;
    private static final int NOVA_RATIO_MAX = 4;

    private final int imagesMax;

    Painter(int imagesMax) {
        this.imagesMax = imagesMax;
    }

    /**
     * By the model's id, which may have a region or an ARN before it.
     *
     * @throws Failed when it is none that draws in a known way
     */
    static Painter of(String model) {
        if (model.contains("titan-image")) {
            return TITAN;
        }
        if (model.contains("nova-canvas")) {
            return NOVA;
        }
        if (model.contains("stability.") && !model.contains("stable-diffusion-xl")) {
            return STABILITY;
        }
        throw new Failed(
                Failure.at(
                        Cause.UNSUPPORTED,
                        "'" + model + "' is no model of Bedrock that draws in a known way.",
                        "model"));
    }

    int imagesMax() {
        return imagesMax;
    }

    boolean gives(@Nullable String mediaType) {
        return mediaType == null
                || mediaType.equals("image/png")
                || (this == STABILITY && mediaType.equals("image/jpeg"));
    }

    /** Whether it can be told a size, be it by the shape alone. */
    boolean draws(@Nullable Size size) {
        if (size == null) {
            return true;
        }
        return switch (this) {
            case TITAN -> TITAN_SIZES.contains(size.toString());
            case NOVA -> nova(size.width(), size.height());
            case STABILITY -> RATIOS.contains(size.ratio());
        };
    }

    private static boolean nova(int width, int height) {
        int small = Math.min(width, height);
        int large = Math.max(width, height);
        return small >= NOVA_SIDE_MIN
                && large <= NOVA_SIDE_MAX
                && width % NOVA_STEP == 0
                && height % NOVA_STEP == 0
                && (long) width * height < NOVA_PIXELS_MAX
                && large <= small * NOVA_RATIO_MAX;
    }

    /** Whether it can be told a degree of care as it is. */
    boolean knows(@Nullable Quality quality) {
        return switch (quality) {
            case null -> true;
            case STANDARD, HIGH -> this != STABILITY;
            case LOW, MEDIUM -> false;
        };
    }
}
