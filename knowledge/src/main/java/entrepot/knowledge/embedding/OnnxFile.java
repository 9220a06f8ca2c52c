package entrepot.knowledge.embedding;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * As much of the ONNX format as weights need: the named tensors of a graph and which tensor feeds
 * which node. Field numbers are those of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>.
 */
final class OnnxFile {

    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int NODE_INPUT = 1;
    private static final int NODE_OUTPUT = 2;
    private static final int NODE_OPERATION = 4;
    private static final int TENSOR_DIMENSION = 1;
    private static final int TENSOR_FLOATS = 4;
    private static final int TENSOR_INTS = 5;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_RAW = 9;

    private final byte[] bytes;
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    /** Where a tensor's values stand in the file. */
    private record Tensor(List<Integer> dimensions, int from, int to, boolean packedInts) {}

    /** An operation with the names of what goes in and what comes out. */
    record Node(String operation, List<String> inputs, List<String> outputs) {}

    OnnxFile(byte[] bytes) {
        this.bytes = bytes;
        fields(
                0,
                bytes.length,
                (number, from, to) -> {
                    if (number == MODEL_GRAPH) {
                        fields(from, to, this::graphField);
                    }
                });
    }

    List<Node> nodes() {
        return nodes;
    }

    float[] floats(String name) {
        Tensor tensor = tensor(name);
        var values = new float[(tensor.to - tensor.from) / Float.BYTES];
        ByteBuffer.wrap(bytes, tensor.from, tensor.to - tensor.from)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }

    /** A matrix of signed bytes, one array per row. */
    byte[][] rows(String name) {
        Tensor tensor = tensor(name);
        int rows = tensor.dimensions.get(0);
        int columns = tensor.dimensions.get(1);
        var matrix = new byte[rows][columns];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(bytes, tensor.from + row * columns, matrix[row], 0, columns);
        }
        return matrix;
    }

    /** Small integers that protobuf packed as varints, such as zero points. */
    int[] ints(String name) {
        Tensor tensor = tensor(name);
        if (!tensor.packedInts) {
            throw new IllegalStateException("ONNX tensor " + name + " holds no packed integers");
        }
        var values = new ArrayList<Integer>();
        var at = new Position(tensor.from);
        while (at.offset < tensor.to) {
            values.add((int) varint(at));
        }
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    private Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalStateException("ONNX file has no tensor " + name);
        }
        return tensor;
    }

    private void graphField(int number, int from, int to) {
        switch (number) {
            case GRAPH_NODE -> nodes.add(node(from, to));
            case GRAPH_INITIALIZER -> tensor(from, to);
            default -> {}
        }
    }

    private Node node(int from, int to) {
        var operation = new StringBuilder();
        var inputs = new ArrayList<String>();
        var outputs = new ArrayList<String>();
        fields(
                from,
                to,
                (number, start, end) -> {
                    switch (number) {
                        case NODE_INPUT -> inputs.add(text(start, end));
                        case NODE_OUTPUT -> outputs.add(text(start, end));
                        case NODE_OPERATION -> operation.append(text(start, end));
                        default -> {}
                    }
                });
        return new Node(operation.toString(), inputs, outputs);
    }

    private void tensor(int from, int to) {
        var dimensions = new ArrayList<Integer>();
        var name = new StringBuilder();
        var values = new int[3];
        fields(
                from,
                to,
                (number, start, end) -> {
                    switch (number) {
                        case TENSOR_DIMENSION -> dimensions.add((int) varint(new Position(start)));
                        case TENSOR_NAME -> name.append(text(start, end));
                        case TENSOR_FLOATS, TENSOR_RAW, TENSOR_INTS -> {
                            values[0] = start;
                            values[1] = end;
                            values[2] = number;
                        }
                        default -> {}
                    }
                });
        tensors.put(
                name.toString(),
                new Tensor(dimensions, values[0], values[1], values[2] == TENSOR_INTS));
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private interface FieldVisitor {
        /** Sees a field's value: for a varint the bytes that spell it. */
        void field(int number, int from, int to);
    }

    private static final class Position {
        private int offset;

        private Position(int offset) {
            this.offset = offset;
        }
    }

    private void fields(int from, int to, FieldVisitor visitor) {
        var at = new Position(from);
        while (at.offset < to) {
            int tag = (int) varint(at);
            int start = at.offset;
            switch (tag & 7) {
                case 0 -> varint(at);
                case 1 -> at.offset += Long.BYTES;
                case 2 -> {
                    int length = (int) varint(at);
                    start = at.offset;
                    at.offset += length;
                }
                case 5 -> at.offset += Integer.BYTES;
                default ->
                        throw new IllegalStateException(
                                "protobuf wire type " + (tag & 7) + " at byte " + start);
            }
            if (at.offset < start || at.offset > to) {
                throw new IllegalStateException("protobuf field at byte " + start + " overruns");
            }
            visitor.field(tag >>> 3, start, at.offset);
        }
    }

    private long varint(Position at) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = bytes[at.offset++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalStateException(
                "protobuf varint before byte " + at.offset + " is too long");
    }
}
