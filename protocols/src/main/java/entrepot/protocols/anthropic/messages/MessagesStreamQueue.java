package entrepot.protocols.anthropic.messages;

import entrepot.protocols.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts blocks one after the other, as Anthropic does and its clients expect, whatever order their
 * pieces come in: what belongs to a later block waits until the one before it is closed.
 */
final class MessagesStreamQueue {

    private final Map<Integer, Block> open = new HashMap<>();
    private final ArrayDeque<Block> blocks = new ArrayDeque<>();
    private List<ObjectNode> ready = new ArrayList<>();
    private int next;

    /** One block, and what waits to be told of it. */
    private static final class Block {
        private final List<ObjectNode> waiting = new ArrayList<>();
        private int position = -1;
        private int told;
        private boolean closed;
    }

    boolean isOpen(int index) {
        return open.containsKey(index);
    }

    void open(int index, ObjectNode content) {
        var block = new Block();
        open.put(index, block);
        blocks.add(block);
        ObjectNode event = event("content_block_start");
        event.set("content_block", content);
        tell(block, event);
    }

    void delta(int index, String piece, ObjectNode delta) {
        Block block = open.get(index);
        if (block == null) {
            return;
        }
        block.told += piece.length();
        ObjectNode event = event("content_block_delta");
        event.set("delta", delta);
        tell(block, event);
    }

    /**
     * Counts a piece of text as told, when it is its turn and nothing is to be sent before it.
     *
     * @return the block's position, or -1 when it is not so
     */
    int tell(int index, String piece) {
        Block block = open.get(index);
        if (block == null
                || block.position < 0
                || blocks.peekFirst() != block
                || !ready.isEmpty()) {
            return -1;
        }
        block.told += piece.length();
        return block.position;
    }

    /** The part of a text that no delta has told yet. */
    String untold(int index, String whole) {
        Block block = open.get(index);
        int told = block == null ? 0 : block.told;
        return told >= whole.length() ? "" : whole.substring(told);
    }

    void close(int index) {
        Block block = open.remove(index);
        if (block == null) {
            return;
        }
        tell(block, event("content_block_stop"));
        block.closed = true;
        while (!blocks.isEmpty() && blocks.getFirst().closed) {
            blocks.removeFirst();
            Block now = blocks.peekFirst();
            if (now != null) {
                List<ObjectNode> waiting = List.copyOf(now.waiting);
                now.waiting.clear();
                waiting.forEach(event -> tell(now, event));
            }
        }
    }

    /** Passes an event on that belongs to no block. */
    void pass(ObjectNode event) {
        ready.add(event);
    }

    boolean isWaiting() {
        return !ready.isEmpty();
    }

    /** What can be sent now. */
    List<ObjectNode> take() {
        List<ObjectNode> taken = ready;
        ready = new ArrayList<>();
        return taken;
    }

    static ObjectNode event(String type) {
        return Json.object().put("type", type).put("index", 0);
    }

    private void tell(Block block, ObjectNode event) {
        if (blocks.peekFirst() != block) {
            block.waiting.add(event);
            return;
        }
        if (block.position < 0) {
            block.position = next++;
        }
        ready.add(event.put("index", block.position));
    }
}
