package entrepot.runtime.tools.mcp;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.mcp.McpMessage;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.JsonNode;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A server that is a process of this node: a message is a line. Only the operator can name one. The
 * process gets the variables it was given, and {@code PATH} and {@code HOME}; none of ours.
 */
final class StdioWire implements Wire {

    private static final Logger LOG = LoggerFactory.getLogger(StdioWire.class);
    private static final long END_MILLIS = 2_000;

    private final Process process;
    private final int lineBytesMax;
    private final Map<String, CompletableFuture<McpMessage>> asked = new ConcurrentHashMap<>();
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean ended;

    /**
     * @throws IOException when it cannot be started
     */
    StdioWire(OperatorServer.Command command, String name, int lineBytesMax) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command.line());
        if (command.folder() != null) {
            builder.directory(command.folder().toFile());
        }
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(Set.of("PATH", "HOME", "LANG", "TMPDIR"));
        command.environment().forEach((key, value) -> environment.put(key, value.reveal()));
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        this.process = builder.start();
        this.lineBytesMax = lineBytesMax;
        Thread.ofVirtual().name("mcp-" + name).start(this::listen);
    }

    boolean isAlive() {
        return !ended && process.isAlive();
    }

    @Override
    public Reply ask(
            McpMessage.Request request,
            Map<String, String> headers,
            Listener listener,
            long millisMax)
            throws WireFailed, InterruptedException {
        CompletableFuture<McpMessage> answer = new CompletableFuture<>();
        asked.put(McpMessage.key(request.id()), answer);
        listeners.add(listener);
        try {
            write(request);
            if (!isAlive()) {
                throw ended();
            }
            return new Reply(200, answer.get(millisMax, TimeUnit.MILLISECONDS), null);
        } catch (TimeoutException e) {
            throw new WireFailed(true, "It did not answer in time.");
        } catch (ExecutionException e) {
            throw ended();
        } finally {
            asked.remove(McpMessage.key(request.id()));
        }
    }

    private static WireFailed ended() {
        return new WireFailed(true, "Its process has ended.");
    }

    @Override
    public void tell(McpMessage message, Map<String, String> headers, long millisMax)
            throws WireFailed {
        write(message);
    }

    private void write(McpMessage message) throws WireFailed {
        writing.lock();
        try {
            OutputStream out = process.getOutputStream();
            out.write(message.write());
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            throw new WireFailed(false, "Its process does not listen any more.");
        } finally {
            writing.unlock();
        }
    }

    private void listen() {
        try (InputStream in = new BufferedInputStream(process.getInputStream())) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == '\n') {
                    take(line.toByteArray());
                    line.reset();
                } else if (line.size() < lineBytesMax) {
                    line.write(b);
                } else {
                    LOG.warn("a tool server's line has more than {} bytes", lineBytesMax);
                    break;
                }
            }
        } catch (IOException e) {
            LOG.debug("a tool server's output ended", e);
        } finally {
            ended = true;
            process.destroy();
            asked.values().forEach(each -> each.completeExceptionally(ended()));
        }
    }

    private void take(byte[] line) {
        McpMessage message;
        try {
            message = McpMessage.read(line, Cause.SUPPLIER_FAILED);
        } catch (Failed e) {
            return; // Not a message: some write notes for people there.
        }
        switch (message) {
            case McpMessage.Result result -> complete(result.id(), result);
            case McpMessage.Problem problem -> {
                if (problem.id() != null) {
                    complete(problem.id(), problem);
                }
            }
            case McpMessage.Notification told -> listeners.forEach(each -> each.told(told));
            case McpMessage.Request request ->
                    listeners.stream().findFirst().ifPresent(each -> reply(each, request));
        }
    }

    private void complete(JsonNode id, McpMessage answer) {
        CompletableFuture<McpMessage> waiting = asked.get(McpMessage.key(id));
        if (waiting != null) {
            waiting.complete(answer);
        }
    }

    private void reply(Listener listener, McpMessage.Request request) {
        listener.asked(request)
                .ifPresent(answer -> {
                    try {
                        write(answer);
                    } catch (WireFailed e) {
                        LOG.debug("a tool server did not take an answer: {}", e.getMessage());
                    }
                });
    }

    @Override
    public void end(Map<String, String> headers) {
        // The end of its input says it.
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(END_MILLIS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
