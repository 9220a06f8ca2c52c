package entrepot.knowledge.extraction;

import entrepot.knowledge.extraction.child.Frames;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/**
 * Turns documents into text. Child processes are started when the first document needs one, used
 * again, and replaced after some documents or any mishap. Used by several threads at once.
 */
public final class Extractor implements AutoCloseable {

    private final ExtractionLimits limits;
    private final Semaphore free;
    private final Deque<ChildProcess> idle = new ArrayDeque<>();
    private boolean closed;

    public Extractor(ExtractionLimits limits) {
        this.limits = limits;
        this.free = new Semaphore(limits.childrenMax());
    }

    /**
     * What a document says.
     *
     * @param contentType as {@link ContentTypes#of} gives it
     */
    public Extracted extract(byte[] bytes, String contentType)
            throws ExtractionFailed, InterruptedException {
        Frames.Kind kind = kind(contentType);
        if (kind == null && !isText(contentType)) {
            throw ExtractionFailed.lasting("There is no reader for " + contentType + ".");
        }
        return kind == null
                ? PlainText.read(bytes, limits.charsMax())
                : parsed(new Frames.Request(kind, limits.charsMax(), bytes));
    }

    private static Frames.@Nullable Kind kind(String type) {
        return switch (type) {
            case ContentTypes.PDF -> Frames.Kind.PDF;
            case ContentTypes.HTML -> Frames.Kind.HTML;
            case ContentTypes.WORD, ContentTypes.SHEET, ContentTypes.SLIDES -> Frames.Kind.OFFICE;
            default -> null;
        };
    }

    private static boolean isText(String type) {
        return type.startsWith("text/")
                || type.matches("application/(?:.*\\+)?(?:json|xml|yaml|javascript|sql|toml)");
    }

    private Extracted parsed(Frames.Request request) throws ExtractionFailed, InterruptedException {
        free.acquire();
        ChildProcess child = null;
        try {
            child = take();
            return switch (child.parse(request)) {
                case Frames.Answer.Good(var parsed) ->
                        new Extracted(
                                PlainText.clean(parsed.title()),
                                PlainText.clean(parsed.text()),
                                parsed.pages(),
                                parsed.cut());
                case Frames.Answer.Bad(String why) -> throw ExtractionFailed.lasting(why);
            };
        } catch (IOException e) {
            throw ExtractionFailed.passing("No process to read it with could be started.", e);
        } finally {
            giveBack(child);
            free.release();
        }
    }

    private ChildProcess take() throws IOException {
        synchronized (idle) {
            if (closed) {
                throw new IOException("the extractor is closed");
            }
            for (ChildProcess child = idle.poll(); child != null; child = idle.poll()) {
                if (!child.isSpent()) {
                    return child;
                }
                child.close();
            }
        }
        return new ChildProcess(limits);
    }

    private void giveBack(@Nullable ChildProcess child) {
        if (child == null) {
            return;
        }
        synchronized (idle) {
            if (closed || child.isSpent()) {
                child.close();
            } else {
                idle.push(child);
            }
        }
    }

    /** Ends processes that nobody uses now. */
    public void rest() {
        synchronized (idle) {
            idle.forEach(ChildProcess::close);
            idle.clear();
        }
    }

    /** The processes that wait for work. */
    int waiting() {
        synchronized (idle) {
            return idle.size();
        }
    }

    @Override
    public void close() {
        synchronized (idle) {
            closed = true;
        }
        rest();
    }
}
